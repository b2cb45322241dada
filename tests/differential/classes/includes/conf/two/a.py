T = "a"
INSTALLED_APPS += ["t1"]
