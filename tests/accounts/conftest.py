from tests.signin.conftest import fresh_limits

__all__ = ["fresh_limits"]
