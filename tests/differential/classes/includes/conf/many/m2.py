M2 = 2
SHARED = 2
ONLY = 5
LST = LST + [2] if 'LST' in globals() else [2]
