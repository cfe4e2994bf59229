"""Hide pandas from this process, so that Assay is measured as it is installed.

Assay does not depend on pandas, but PyArrow imports it where it is: a fifth of a second.
"""

import sys


class _Hidden:
    @staticmethod
    def find_spec(name, _path, _target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, _Hidden())
