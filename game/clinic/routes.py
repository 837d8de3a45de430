"""Every path of the server with who may take it. What is not in this table does not exist."""

from game.clinic.pages import (
    account,
    accounts,
    audit,
    board,
    patient,
    patients,
    plan,
    report,
    sign_in,
    songs,
    static,
)
from game.clinic.pages import stations as station_pages
from game.clinic.routes_types import FACTS_BYTES, SONG_BYTES, Open, Page
from game.clinic.security.roles import ADMINISTRATORS, SIGNED_IN, STAFF
from game.clinic.sync import endpoints

PAGES: tuple[Page, ...] = (
    Page("GET", "/", "start", Open.ALL, sign_in.start, plain=True),
    Page("GET", "/static/{name}", "static", Open.ALL, static.file, plain=True),
    Page("GET", "/sign-in", "sign-in", Open.ALL, sign_in.page),
    Page("POST", "/sign-in", "sign-in", Open.ALL, sign_in.sign_in),
    Page("POST", "/sign-out", "sign-out", SIGNED_IN, sign_in.sign_out),
    # The board
    Page("GET", "/board", "board", Open.BOARD, board.page, plain=True),
    Page("GET", "/board/events", "board-events", Open.BOARD, board.events, plain=True),
    Page("GET", "/board/data", "board-data", Open.BOARD, board.data, plain=True),
    # One's own account
    Page("GET", "/account", "account", SIGNED_IN, account.page),
    Page("POST", "/account", "account", SIGNED_IN, account.change),
    # Patients
    Page("GET", "/patients", "patients", STAFF, patients.page),
    Page("POST", "/patients", "patient-add", STAFF, patient.add),
    Page("GET", "/patients/{id}", "patient", STAFF, patient.page),
    Page("POST", "/patients/{id}/change", "patient-change", STAFF, patient.change),
    Page("POST", "/patients/{id}/notes", "patient-note", STAFF, patient.add_note),
    Page("POST", "/patients/{id}/tests", "patient-test", STAFF, patient.add_test),
    Page("POST", "/patients/{id}/erase", "patient-erase", STAFF, patient.erase),
    Page("GET", "/patients/{id}/plan", "plan", STAFF, plan.page),
    Page("POST", "/patients/{id}/plan", "prescribe", STAFF, plan.prescribe),
    Page("GET", "/patients/{id}/pictures/{name}", "picture", STAFF, report.picture),
    Page("GET", "/patients/{id}/report", "report", STAFF, report.whole),
    Page("POST", "/patients/{id}/report.pdf", "report-pdf", STAFF, report.pdf),
    Page("POST", "/patients/{id}/export", "export", STAFF, report.export),
    # Songs
    Page("GET", "/songs", "songs", STAFF, songs.page),
    Page("POST", "/songs", "songs-upload", STAFF, songs.upload, most_bytes=SONG_BYTES),
    Page("POST", "/songs/{key}/hide", "songs-hide", STAFF, songs.hide),
    Page("POST", "/songs/{key}/show", "songs-show", STAFF, songs.show),
    Page("POST", "/songs/{key}/of-the-week", "songs-of-the-week", STAFF, songs.of_the_week),
    # The server
    Page("GET", "/stations", "stations", STAFF, station_pages.page),
    Page("POST", "/stations", "stations-add", ADMINISTRATORS, station_pages.add),
    Page("POST", "/stations/{id}/revoke", "revoke", ADMINISTRATORS, station_pages.revoke),
    Page("GET", "/accounts", "accounts", ADMINISTRATORS, accounts.page),
    Page("POST", "/accounts", "accounts-add", ADMINISTRATORS, accounts.add),
    Page("POST", "/accounts/{id}/disable", "disable", ADMINISTRATORS, accounts.disable),
    Page("POST", "/accounts/{id}/enable", "enable", ADMINISTRATORS, accounts.enable),
    Page("POST", "/accounts/{id}/passphrase", "passphrase", ADMINISTRATORS, accounts.passphrase),
    Page("GET", "/audit", "audit", ADMINISTRATORS, audit.page),
    Page("POST", "/backup", "backup", ADMINISTRATORS, audit.backup),
    # Stations
    Page("POST", "/sync/pair", "pair", Open.PAIRING, endpoints.pair),
    Page("POST", "/sync/facts", "facts", Open.STATION, endpoints.facts, most_bytes=FACTS_BYTES),
    Page("GET", "/sync/manifest", "manifest", Open.STATION, endpoints.manifest),
    Page("POST", "/sync/fetch", "fetch", Open.STATION, endpoints.fetch),
    Page("POST", "/sync/boards", "boards", Open.STATION, endpoints.boards),
)
