import os
from pathlib import Path

import dotenv
from dotenv import dotenv_values, find_dotenv, load_dotenv

load_dotenv(Path(__file__).parent / ".env", override=True)
A = os.environ["A"]
HOST = os.environ["HOST"]
URL = os.environ["URL"]
DEFAULTED = os.environ["DEFAULTED"]
load_dotenv(dotenv_path=os.path.join(os.path.dirname(__file__), "second.env"))
SECOND = os.environ["SECOND"]
STILL_A = os.environ["A"]
load_dotenv(find_dotenv("third.env"), interpolate=False, override=True)
THIRD = os.environ["THIRD"]
dotenv.load_dotenv("second.env", override=True)
UNKNOWN_BY_FOLDER = os.environ["A"]
values = dotenv_values(os.path.join(os.path.dirname(__file__), "second.env"))
VALUES = values
VALUE = values["SECOND"]
VALUE_NONE = values.get("NAME_ONLY", "d")
ALL = {**dotenv_values(Path(__file__).parent / "third.env")}
