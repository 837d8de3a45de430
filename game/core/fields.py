"""What is wrong with a field that somebody wrote by hand, in words for whoever wrote it."""

#: The checker's own words for these speak of its innards. By its name for the kind of mistake.
_PLAIN = {
    "extra_forbidden": "this name is not known; is it spelt right, and in the right place?",
    "model_type": "this is a table with fields of its own, not a single value",
    "model_attributes_type": "this is a table with fields of its own, not a single value",
    "tuple_type": "this is a list, in square brackets",
    "string_type": "this is a text, in quotation marks",
    "int_from_float": "this is a whole number",
    "int_parsing_size": "this number is too large",
}


def plain_mistake(kind: str, message: str) -> str:
    """A sentence about a mistake of ``kind``, of which the checker says ``message``."""
    return _PLAIN.get(kind, message.removeprefix("Value error, "))
