from pathlib import Path

from dotenv import dotenv_values

VALUES = dotenv_values(Path(__file__).parent / "version.env")
