NESTED = os.path.basename(__included_file__)
from .mods.production import VALUE as REL
