M1 = 1
SHARED = 1
ONLY = 5
LST = LST + [1] if 'LST' in globals() else [1]
