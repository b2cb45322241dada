from environs import Env

env = Env()
BEFORE = env.int("A", 0)
with env.prefixed("DJ_"):
    INSIDE = env.int("A", 0)
    with env.prefixed("SUB_"):
        DEEPER = env.int("A", 0)
    AGAIN = env.str("A", "none")
with env.prefixed("DJ_") as bound:
    BOUND = bound.int("A", 0)
AFTER = env.int("A", 0)


def read():
    with env.prefixed("DJ_"):
        return env.int("A", 7)


CALLED = read()
AFTER_CALL = env.int("A", 0)
try:
    with env.prefixed("DJ_"):
        env.int("NOWHERE")
except ValueError:
    AFTER_RAISE = env.int("A", 1)
