BEGIN TRANSACTION;
CREATE TABLE accounts (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	role TEXT NOT NULL, 
	passphrase_scrypt TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	disabled_at TEXT, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_name_key UNIQUE (name_key)
)
 STRICT

;
CREATE TABLE activities (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	session_id TEXT, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	form TEXT NOT NULL, 
	sets INTEGER NOT NULL, 
	amount INTEGER NOT NULL, 
	seconds REAL NOT NULL, 
	CONSTRAINT pk_activities PRIMARY KEY (id), 
	CONSTRAINT fk_activities_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_activities_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE alembic_version (version_num TEXT NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)) STRICT;
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE assessments (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	session_id TEXT, 
	play_id TEXT, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	hand TEXT NOT NULL, 
	input_kind TEXT NOT NULL, 
	document TEXT NOT NULL, 
	result REAL, 
	CONSTRAINT pk_assessments PRIMARY KEY (id), 
	CONSTRAINT ck_assessments_hand CHECK (hand IN ('left', 'right')), 
	CONSTRAINT fk_assessments_play_id FOREIGN KEY(play_id) REFERENCES plays (id) ON DELETE SET NULL, 
	CONSTRAINT fk_assessments_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_assessments_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE audit_log (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	what TEXT NOT NULL, 
	patient_id TEXT, 
	CONSTRAINT pk_audit_log PRIMARY KEY (id), 
	CONSTRAINT fk_audit_log_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE SET NULL
)
 STRICT

;
CREATE TABLE check_ins (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	session_id TEXT, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	moment TEXT NOT NULL, 
	pain INTEGER, 
	fatigue INTEGER, 
	sharp INTEGER NOT NULL, 
	new_signs TEXT NOT NULL, 
	skin_ok INTEGER, 
	sore_hours REAL, 
	CONSTRAINT pk_check_ins PRIMARY KEY (id), 
	CONSTRAINT ck_check_ins_pain CHECK (pain BETWEEN 0 AND 10), 
	CONSTRAINT ck_check_ins_moment CHECK (moment IN ('before', 'between', 'after', 'next day')), 
	CONSTRAINT ck_check_ins_fatigue CHECK (fatigue BETWEEN 0 AND 10), 
	CONSTRAINT fk_check_ins_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_check_ins_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "check_ins" VALUES('019589cb-f500-7a29-b9c7-0db2504b09b3','019589cb-f500-7c82-ad11-ccea289400be','019589cb-f500-7575-a35b-eab9e14b09e5','2025-03-12T10:00:00.000000Z','2025-03-12','before',1,2,0,'[]',NULL,NULL);
CREATE TABLE clinic_settings (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_clinic_settings PRIMARY KEY (name)
)
 STRICT

;
CREATE TABLE diary (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	felt TEXT NOT NULL, 
	worked TEXT NOT NULL, 
	CONSTRAINT pk_diary PRIMARY KEY (id), 
	CONSTRAINT fk_diary_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE difficulty_changes (
	id TEXT NOT NULL, 
	patient_id TEXT, 
	play_id TEXT, 
	hand TEXT NOT NULL, 
	input_kind TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	song_us INTEGER, 
	before_x REAL NOT NULL, 
	after_x REAL NOT NULL, 
	reason TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	CONSTRAINT pk_difficulty_changes PRIMARY KEY (id), 
	CONSTRAINT fk_difficulty_changes_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE, 
	CONSTRAINT fk_difficulty_changes_play_id FOREIGN KEY(play_id) REFERENCES plays (id) ON DELETE CASCADE, 
	CONSTRAINT ck_difficulty_changes_hand CHECK (hand IN ('left', 'right'))
)
 STRICT

;
INSERT INTO "difficulty_changes" VALUES('019589cb-f500-7ee7-96e8-f100943001ee','019589cb-f500-7c82-ad11-ccea289400be','019589cc-df60-7357-82dc-40deceae51cb','right','virtual','2025-03-12T10:00:00.000000Z',0,4000000,-1.3,-1.25,'followed success','{"asked":24,"hits":20}');
CREATE TABLE difficulty_states (
	patient_id TEXT NOT NULL, 
	hand TEXT NOT NULL, 
	input_kind TEXT NOT NULL, 
	x REAL NOT NULL, 
	seen INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	CONSTRAINT pk_difficulty_states PRIMARY KEY (patient_id, hand, input_kind), 
	CONSTRAINT fk_difficulty_states_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE, 
	CONSTRAINT ck_difficulty_states_hand CHECK (hand IN ('left', 'right'))
)
 STRICT

;
INSERT INTO "difficulty_states" VALUES('019589cb-f500-7c82-ad11-ccea289400be','right','virtual',-1.25,24,'{"easy_win":false,"grips":{},"schema":1,"seen":24,"x":-1.25}','2025-03-12T10:00:00.000000Z');
CREATE TABLE erased (
	digest TEXT NOT NULL, 
	erased_at TEXT NOT NULL, 
	CONSTRAINT pk_erased PRIMARY KEY (digest)
)
 STRICT

;
INSERT INTO "erased" VALUES('69eef17af10dfbf6f7d29440b4a612bf28707b28ef096a969bc397e47fca5213','2025-03-12T10:00:00.000000Z');
CREATE TABLE favourites (
	patient_id TEXT NOT NULL, 
	song_key TEXT NOT NULL, 
	song_hash TEXT NOT NULL, 
	chosen_at TEXT NOT NULL, 
	CONSTRAINT pk_favourites PRIMARY KEY (patient_id, song_key), 
	CONSTRAINT fk_favourites_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "favourites" VALUES('019589cb-f500-7c82-ad11-ccea289400be','ode','hash','2025-03-12T10:00:00.000000Z');
CREATE TABLE goal_closings (
	goal_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	reached INTEGER NOT NULL, 
	CONSTRAINT pk_goal_closings PRIMARY KEY (goal_id), 
	CONSTRAINT fk_goal_closings_goal_id FOREIGN KEY(goal_id) REFERENCES goals (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE goals (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	words TEXT NOT NULL, 
	area TEXT NOT NULL, 
	CONSTRAINT pk_goals PRIMARY KEY (id), 
	CONSTRAINT fk_goals_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE journal (
	play_id TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	chunk BLOB NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (play_id, sequence), 
	CONSTRAINT fk_journal_play_id FOREIGN KEY(play_id) REFERENCES open_plays (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "journal" VALUES('019589ce-b420-7e4a-8334-1e5e0fc4ec0a',0,X'4752495054554E4501789C4B666460A8564A2C2A4AAC2C56B28A8E562A492C4A4F2D2956D201B1337353E34B816C259B4C0BA5589D68A5F4A2CC0220B7A6D410CC4D292D4A2CC9CCCF4355549059929C81A4AA2433B508895B905194589C0A566FA2140B14B100114AA929E9A9C45A9B5F9E07E2261982F51B9A800D284A2C8F27DF1083582009144C2ECD4DCD2B51B2AA564ACE48CC039966150D94482D038A42D945A989C919A92920D3AD8C0D204047A938353D17A226AF342707C82F492C4985706A6B1B5AE4184080A5418A0DCC30640491078EE982790C306163B03003A72DAAB03558D8C1DB07CC638409DB83851B7AA35155BB41CC3E9F856AA523C46CA12A54614B88D9219D601E134CD8142CFC5D4505A29AF1DE1735088B214B4207621F63A2AC1E84C5609BE60D1162FCA3ED076131BC7A130B5517571E0F55779B05EA2846CED26CA8794BB42AA16287C5AAA162BB14DB21CE619CAE01751803002BD691D3');
CREATE TABLE login_attempts (
	name_key TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	next_at TEXT NOT NULL, 
	CONSTRAINT pk_login_attempts PRIMARY KEY (name_key)
)
 STRICT

;
CREATE TABLE notes (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	author TEXT NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_notes PRIMARY KEY (id), 
	CONSTRAINT fk_notes_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE open_plays (
	id TEXT NOT NULL, 
	patient_id TEXT, 
	owner TEXT NOT NULL, 
	opening TEXT NOT NULL, 
	CONSTRAINT pk_open_plays PRIMARY KEY (id), 
	CONSTRAINT fk_open_plays_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "open_plays" VALUES('019589ce-b420-7e4a-8334-1e5e0fc4ec0a','019589cb-f500-7c82-ad11-ccea289400be','019589cb-f500-7ca2-9560-9a63c2b5d174','{"delays":{"audio_from":"measured","audio_us":40000},"hand":"right","id":"019589ce-b420-7e4a-8334-1e5e0fc4ec0a","input_description":"virtual:steady?seed=1","input_kind":"virtual","mode":"play","patient_id":"019589cb-f500-7c82-ad11-ccea289400be","rate_asked":0.5,"rate_fixed":false,"seed":3,"session_id":null,"software_version":"0.1.0","song_hash":"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f","song_key":"ode-to-joy","song_title":"Ode to Joy","started_at":"2025-03-12T12:03:00+02:00","tempo":1.0,"window":{"early_us":200000,"late_us":200000,"near_us":500000}}');
CREATE TABLE outbox (
	sequence INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	queued_at TEXT NOT NULL, 
	sent_at TEXT, 
	CONSTRAINT pk_outbox PRIMARY KEY (sequence), 
	CONSTRAINT uq_outbox_kind UNIQUE (kind, id)
)
 STRICT

;
CREATE TABLE outcome_tests (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	local_date TEXT NOT NULL, 
	test TEXT NOT NULL, 
	value REAL NOT NULL, 
	unit TEXT NOT NULL, 
	hand TEXT NOT NULL, 
	author TEXT NOT NULL, 
	CONSTRAINT pk_outcome_tests PRIMARY KEY (id), 
	CONSTRAINT ck_outcome_tests_hand CHECK (hand IN ('left', 'right')), 
	CONSTRAINT fk_outcome_tests_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE pairing_codes (
	code_hash TEXT NOT NULL, 
	name TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	used_at TEXT, 
	CONSTRAINT pk_pairing_codes PRIMARY KEY (code_hash)
)
 STRICT

;
CREATE TABLE patient_versions (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	CONSTRAINT pk_patient_versions PRIMARY KEY (id), 
	CONSTRAINT fk_patient_versions_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "patient_versions" VALUES('019589cb-f500-7c82-ad11-ccea289400be','019589cb-f500-7c82-ad11-ccea289400be',1,'{"board_hidden":false,"code":"ANNA","created_at":"2025-03-12T10:00:00+00:00","hand":"left","id":"019589cb-f500-7c82-ad11-ccea289400be","nickname":"Blue Heron","on_board":true,"picture":"heron"}','2025-03-12T10:00:00.000000Z');
INSERT INTO "patient_versions" VALUES('019589cb-f500-78fd-aceb-418f1e8928ba','019589cb-f500-7c82-ad11-ccea289400be',2,'{"board_hidden":false,"code":"ANNA","created_at":"2025-03-12T10:00:00+00:00","hand":"right","id":"019589cb-f500-7c82-ad11-ccea289400be","nickname":"Blue Heron","on_board":true,"picture":"heron"}','2025-03-12T10:00:00.000000Z');
INSERT INTO "patient_versions" VALUES('01a22679-c6e0-759f-971e-04342a0d6095','019589cb-f500-7c82-ad11-ccea289400be',3,'{"board_hidden":false,"code":"ANNA","created_at":"2025-03-12T10:00:00+00:00","glove_size":"M","hand":"right","id":"019589cb-f500-7c82-ad11-ccea289400be","nickname":"Blue Heron","on_board":true,"picture":"heron"}','2026-11-29T08:44:04.704642Z');
CREATE TABLE patients (
	id TEXT NOT NULL, 
	code TEXT NOT NULL, 
	code_key TEXT NOT NULL, 
	nickname TEXT, 
	picture TEXT NOT NULL, 
	hand TEXT NOT NULL, 
	on_board INTEGER NOT NULL, 
	board_hidden INTEGER NOT NULL, 
	created_at TEXT NOT NULL, glove_size TEXT, pin TEXT, board_kind TEXT, 
	CONSTRAINT pk_patients PRIMARY KEY (id), 
	CONSTRAINT uq_patients_code_key UNIQUE (code_key), 
	CONSTRAINT ck_patients_hand CHECK (hand IN ('left', 'right'))
)
 STRICT

;
INSERT INTO "patients" VALUES('019589cb-f500-7c82-ad11-ccea289400be','ANNA','anna','Blue Heron','heron','right',1,0,'2025-03-12T10:00:00.000000Z','M','1c2f681cbe5caf372c3f2c7b88ca7546:90985941dc726c5d196650ec894494e87fe230e664a41400896e6d929e55433e','beat-myself');
CREATE TABLE play_data (
	play_id TEXT NOT NULL, 
	data BLOB NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_play_data PRIMARY KEY (play_id), 
	CONSTRAINT fk_play_data_play_id FOREIGN KEY(play_id) REFERENCES plays (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "play_data" VALUES('019589cc-df60-7357-82dc-40deceae51cb',X'4752495054554E4501789CA592BD4BC34018C62F7E818B88208888E0815BA5464DA8B15A772D5D5C249612DB6B1AC5B4CD87456BB0880E42A58B8BD04D119CFC1744A1ABA8938B5070719122CE6272F7460C3A08DE7079DE1FEFFBDC73476A1C4265AC1886B265624996B1A5182AB14C1CF2B4B64152B6AB71548BE06448C6AAA115DC72C7E66999B10DC5D2F27AB0A9A059E9DCB72E4B23C6B7B290331493D0FE299C7449C4DB30C9A8E4AFC7E64BBA57AEF2749E17A981A19452FF363189BA4174B87F2E6F5A410F33AFAB41E23E00BD4B36426D2693EEEE7AA76DCF064B654C36A99F2497FD9B4BE321F62612EF845CAAD826C978AE92E0241DA7B23F8CBCD55619ECA222C279FB55632C88672846DDB3F4D3EEE304C5F30B8BB4EAF0718CE2CA914C2BE4E369E67DBB16C471E6DDB71D3461DDF34B87413C4771F80472738DF8085368A21342734FFD6160FA799425E68676634CA1E6E302B3E4F627E34C21B1B5C24271EFD91453E8E25803560CAF03AB3A0ECC2E6F5760B65EAFC2B9A7F5233837BC7723403EB12140BED73B604F1F0FC0F45A53807CB96701F25DB704C837F42640BE474E847C890E11F2393DC08A03BDC0AA592C42BEF4A808F90E7811F21D4C3085D0CB99807EAC56ECEAF29E72FF07F85A6FCD5F782BF609867BCA42','ab8faaf3e7534fffe06aecf30de3845e93271e34dcd4d3e3d312313dbd1fd8cd');
INSERT INTO "play_data" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f',X'4752495054554E4501789CEB676460A8564A2C2A4AAC2C56B28A8E562A492C4A4F2D2956D201B1337353E34B816C259B4C0BA5589D68A5F4A2CC0220B7A6D410CC4D292D4A2CC9CCCF4355549059929C81A4AA2433B508895B905194589C0A566FA2140B14B100114AA929E9A9C45A9B5F9E07E2261982F51B1A810D284A2C8FA7D890E2D4F4DCD43CA8FF33F28B4B50CD28CECF4B4715010600D82F691660638C638124D0ECE45290314A56D54AA96560F3ACA2AB613EB732D08184899561AD0E5034B1B438350564AA95696D6C6D6D438B1C0308B03448B18119368C20F2C0315D308F1126EC0A1666E0B405530C30615FB0B083B70FAA6A2FB070436F3498C704130E86987D3E0BD54A3388D94255A8AAFD21668774A25A690816DECA2D0B3184311AE60306BB7BDA106730AE93823A9F216B32D4C58C1B7DED212C86FA045FA83A2E457FA8BAA30D1950B13539595031B5A232888B1843332A212C86AD5F0E9A42EDCD3D6C0AB5F7F80553A8BDCC974CA1F6D63C3285DA6BF6C4146AAFE727A83A2EAE2F5075473379CDA0F686F29B41ED8D963683DA1B2807613130BC5C023505197CB03FB01E62232CC2E0E0D3432CE21FEC010049BB21','25ed8cb76fa68f8eb9a407e72a5b8a22cd60129fddb0b69f818aad8e013ebcb6');
CREATE TABLE play_grips (
	play_id TEXT NOT NULL, 
	grip TEXT NOT NULL, 
	presented INTEGER NOT NULL, 
	hits INTEGER NOT NULL, 
	near INTEGER NOT NULL, 
	wrong INTEGER NOT NULL, 
	extra INTEGER NOT NULL, 
	repetitions INTEGER NOT NULL, 
	CONSTRAINT pk_play_grips PRIMARY KEY (play_id, grip), 
	CONSTRAINT fk_play_grips_play_id FOREIGN KEY(play_id) REFERENCES plays (id) ON DELETE CASCADE, 
	CONSTRAINT ck_play_grips_every_press_is_counted_once CHECK (repetitions = hits + near + wrong + extra)
)
 STRICT

;
INSERT INTO "play_grips" VALUES('019589cc-df60-7357-82dc-40deceae51cb','index',2,2,0,0,0,2);
INSERT INTO "play_grips" VALUES('019589cc-df60-7357-82dc-40deceae51cb','middle',0,0,0,0,0,0);
INSERT INTO "play_grips" VALUES('019589cc-df60-7357-82dc-40deceae51cb','ring',2,2,0,0,1,3);
INSERT INTO "play_grips" VALUES('019589cc-df60-7357-82dc-40deceae51cb','little',1,1,0,0,0,1);
INSERT INTO "play_grips" VALUES('019589cc-df60-7357-82dc-40deceae51cb','key',3,1,1,0,0,2);
INSERT INTO "play_grips" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f','index',2,1,0,0,0,1);
INSERT INTO "play_grips" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f','middle',2,2,0,1,0,3);
INSERT INTO "play_grips" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f','ring',2,0,1,0,0,1);
INSERT INTO "play_grips" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f','little',0,0,0,0,0,0);
INSERT INTO "play_grips" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f','key',2,1,0,0,0,1);
CREATE TABLE plays (
	id TEXT NOT NULL, 
	patient_id TEXT, 
	song_key TEXT NOT NULL, 
	song_title TEXT NOT NULL, 
	song_hash TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	local_date TEXT NOT NULL, 
	hand TEXT NOT NULL, 
	input_kind TEXT NOT NULL, 
	input_description TEXT NOT NULL, 
	rate_asked REAL, 
	rate_fixed INTEGER NOT NULL, 
	tempo REAL NOT NULL, 
	window_early_us INTEGER NOT NULL, 
	window_late_us INTEGER NOT NULL, 
	window_near_us INTEGER NOT NULL, 
	targets INTEGER NOT NULL, 
	hits INTEGER NOT NULL, 
	missed_omission INTEGER NOT NULL, 
	missed_early INTEGER NOT NULL, 
	missed_late INTEGER NOT NULL, 
	missed_wrong_grip INTEGER NOT NULL, 
	near INTEGER NOT NULL, 
	wrong INTEGER NOT NULL, 
	extra INTEGER NOT NULL, 
	counted INTEGER NOT NULL, 
	repetitions INTEGER NOT NULL, 
	asynchrony_median_ms REAL, 
	asynchrony_sd_ms REAL, 
	dwell_median_ms REAL, 
	score INTEGER NOT NULL, 
	duration_us INTEGER NOT NULL, 
	level REAL, 
	x_after REAL, 
	interrupted INTEGER NOT NULL, 
	seed INTEGER, 
	software_version TEXT NOT NULL, 
	delays TEXT NOT NULL, mode TEXT DEFAULT 'play' NOT NULL, session_id TEXT CONSTRAINT fk_plays_session_id REFERENCES sessions (id) ON DELETE SET NULL, 
	CONSTRAINT pk_plays PRIMARY KEY (id), 
	CONSTRAINT fk_plays_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE, 
	CONSTRAINT ck_plays_every_press_is_counted_once CHECK (repetitions = hits + near + wrong + extra AND counted = hits + near), 
	CONSTRAINT ck_plays_every_target_is_hit_or_missed CHECK (targets = hits + missed_omission + missed_early + missed_late + missed_wrong_grip), 
	CONSTRAINT ck_plays_hand CHECK (hand IN ('left', 'right'))
)
 STRICT

;
INSERT INTO "plays" VALUES('019589cc-df60-7357-82dc-40deceae51cb','019589cb-f500-7c82-ad11-ccea289400be','ode-to-joy','Ode to Joy','5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f','2025-03-12T10:01:00.000000Z',7200,'2025-03-12','right','virtual','virtual:steady?seed=1',0.5,0,1.0,200000,200000,500000,8,6,1,0,1,0,1,0,1,7,8,-27.1285,59.0136673234825,148.405,7207,10000000,NULL,-1.25,0,1,'0.1.0','{"audio_from":"measured","audio_us":40000}','play',NULL);
INSERT INTO "plays" VALUES('019589cd-c9c0-7b7e-ac9c-26d38861b29f',NULL,'ode-to-joy','Ode to Joy','5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f','2025-03-12T10:02:00.000000Z',7200,'2025-03-12','right','virtual','virtual:steady?seed=1',0.5,0,1.0,200000,200000,500000,8,4,2,1,0,1,1,1,0,5,6,-30.5125,96.4786644980813,104.8225,4511,10000000,NULL,-1.25,0,2,'0.1.0','{"audio_from":"measured","audio_us":40000}','play',NULL);
CREATE TABLE prescriptions (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	author TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_prescriptions PRIMARY KEY (id), 
	CONSTRAINT uq_prescriptions_patient_id UNIQUE (patient_id, version), 
	CONSTRAINT fk_prescriptions_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "prescriptions" VALUES('019589cb-f500-7a34-9554-11ae2c7fb452','019589cb-f500-7c82-ad11-ccea289400be',1,'{"assessments":[],"days":5,"early_ms":200,"grips":{"index":1.0,"key":1.0,"little":1.0,"middle":1.0,"ring":1.0},"hand":"right","late_ms":200,"locked":false,"minutes":25,"modes":["play","practice","mirror","mental","assisted"],"note":"","rate_max":2.0,"rate_min":0.1,"review":"2025-04-26","start":"2025-03-01","success_target":0.8,"tasks":[]}','Kim','2025-03-12T10:00:00.000000Z');
CREATE TABLE received (
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	station_id TEXT, 
	received_at TEXT NOT NULL, 
	CONSTRAINT pk_received PRIMARY KEY (kind, id)
)
 STRICT

;
CREATE TABLE rejudgements (
	id TEXT NOT NULL, 
	play_id TEXT NOT NULL, 
	judged_at TEXT NOT NULL, 
	software_version TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_rejudgements PRIMARY KEY (id), 
	CONSTRAINT fk_rejudgements_play_id FOREIGN KEY(play_id) REFERENCES plays (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE session_closings (
	session_id TEXT NOT NULL, 
	ended_at TEXT NOT NULL, 
	ended TEXT NOT NULL, 
	flags TEXT NOT NULL, 
	play_us INTEGER NOT NULL, 
	repetitions INTEGER NOT NULL, 
	day_kept INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_session_closings PRIMARY KEY (session_id), 
	CONSTRAINT fk_session_closings_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
)
 STRICT

;
CREATE TABLE session_events (
	id TEXT NOT NULL, 
	session_id TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_session_events PRIMARY KEY (id), 
	CONSTRAINT fk_session_events_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_session_events_session_id UNIQUE (session_id, sequence)
)
 STRICT

;
CREATE TABLE sessions (
	id TEXT NOT NULL, 
	patient_id TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	local_date TEXT NOT NULL, 
	hand TEXT NOT NULL, 
	who TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (id), 
	CONSTRAINT ck_sessions_hand CHECK (hand IN ('left', 'right')), 
	CONSTRAINT fk_sessions_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
)
 STRICT

;
INSERT INTO "sessions" VALUES('019589cb-f500-7575-a35b-eab9e14b09e5','019589cb-f500-7c82-ad11-ccea289400be','2025-03-12T10:00:00.000000Z',0,'2025-03-12','left','patient','{"stage":"work"}');
CREATE TABLE songs_shared (
	"key" TEXT NOT NULL, 
	title TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	data BLOB NOT NULL, 
	hidden INTEGER NOT NULL, 
	uploaded_by TEXT NOT NULL, 
	uploaded_at TEXT NOT NULL, 
	CONSTRAINT pk_songs_shared PRIMARY KEY ("key")
)
 STRICT

;
CREATE TABLE stations (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	token_hash TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	revoked_at TEXT, 
	last_seen_at TEXT, 
	health TEXT, 
	CONSTRAINT pk_stations PRIMARY KEY (id), 
	CONSTRAINT uq_stations_token_hash UNIQUE (token_hash)
)
 STRICT

;
CREATE TABLE web_sessions (
	token_hash TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	csrf TEXT NOT NULL, 
	CONSTRAINT pk_web_sessions PRIMARY KEY (token_hash), 
	CONSTRAINT fk_web_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE
)
 STRICT

;
CREATE INDEX ix_plays_local_date ON plays (local_date);
CREATE INDEX ix_plays_patient_id_started_at ON plays (patient_id, started_at);
CREATE INDEX ix_difficulty_changes_patient_id_changed_at ON difficulty_changes (patient_id, changed_at);
CREATE INDEX ix_difficulty_changes_play_id ON difficulty_changes (play_id);
CREATE INDEX ix_outbox_sent_at_sequence ON outbox (sent_at, sequence);
CREATE INDEX ix_received_received_at ON received (received_at);
CREATE INDEX ix_audit_log_at ON audit_log (at);
CREATE INDEX ix_audit_log_patient_id_at ON audit_log (patient_id, at);
CREATE INDEX ix_diary_patient_id_local_date ON diary (patient_id, local_date);
CREATE INDEX ix_goals_patient_id_at ON goals (patient_id, at);
CREATE INDEX ix_notes_patient_id_at ON notes (patient_id, at);
CREATE INDEX ix_outcome_tests_patient_id_test_local_date ON outcome_tests (patient_id, test, local_date);
CREATE INDEX ix_patient_versions_patient_id_version ON patient_versions (patient_id, version);
CREATE INDEX ix_sessions_local_date ON sessions (local_date);
CREATE INDEX ix_sessions_patient_id_started_at ON sessions (patient_id, started_at);
CREATE INDEX ix_web_sessions_account_id ON web_sessions (account_id);
CREATE INDEX ix_activities_patient_id_local_date ON activities (patient_id, local_date);
CREATE INDEX ix_check_ins_patient_id_local_date ON check_ins (patient_id, local_date);
CREATE INDEX ix_assessments_patient_id_kind_at ON assessments (patient_id, kind, at);
CREATE INDEX ix_rejudgements_play_id_judged_at ON rejudgements (play_id, judged_at);
CREATE INDEX ix_plays_session_id ON plays (session_id);
COMMIT;
