import os
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent
INC = os.path.basename(__included_file__)
INSTALLED_APPS += ["b"]
NAME = "base"
include("nested.py")
INC2 = os.path.basename(__included_file__)
