import os

from dotenv import load_dotenv

load_dotenv()
VALUES = [os.getenv(name) for name in ("C", "D", "E", "F", "G", "H", "I", "MULTI", "TWICE", "DOLLAR")]
A = os.getenv("A")
B = os.environ.get("B")
URL = os.getenv("URL")
DEFAULTED = os.getenv("DEFAULTED")
EMPTY_REF = os.getenv("EMPTY_REF")
LITERAL = os.getenv("LITERAL")
NAME_ONLY = os.getenv("NAME_ONLY", "default")
QUOTED_KEY = os.getenv("quoted key")
AFTER = os.getenv("AFTER", "default")
