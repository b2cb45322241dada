M3 = 3
SHARED = 3
ONLY = 5
LST = LST + [3] if 'LST' in globals() else [3]
