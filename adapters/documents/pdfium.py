"""pdfium as pypdfium2 brings it, with the few functions that are called here.

The bindings of pypdfium2 define a thousand functions more, and that takes a process half the time it needs for a piece.
"""

import ctypes
import importlib.util
import os
from typing import Any, Final

_LIBRARIES: Final = (".so", ".dylib", ".dll")


class Config(ctypes.Structure):
    """FPDF_LIBRARY_CONFIG, version 2."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("font_paths", ctypes.POINTER(ctypes.c_char_p)),
        ("isolate", ctypes.c_void_p),
        ("slot", ctypes.c_uint),
    )


#: Folders of fonts, ended by a null: none. The library may look at it as long as it lives.
_NO_FONTS: Final = (ctypes.c_char_p * 1)(None)


def loaded() -> ctypes.CDLL:
    """The library, ready; it will look for no font of the machine.

    Raises:
        ImportError: pypdfium2 is not installed.
    """
    spec = importlib.util.find_spec("pypdfium2_raw")
    if spec is None or spec.origin is None:
        raise ImportError("pypdfium2 is not installed")
    folder = os.path.dirname(spec.origin)  # noqa: PTH120 - pathlib takes as long to load as the rest of this program
    (name,) = (each for each in os.listdir(folder) if each.endswith(_LIBRARIES))  # noqa: PTH208 - as above
    library = ctypes.CDLL(os.path.join(folder, name))  # noqa: PTH118 - as above
    pointer, number, real = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
    interface: tuple[tuple[Any, ...], ...] = (
        ("FPDF_InitLibraryWithConfig", None, ctypes.POINTER(Config)),
        ("FPDF_LoadMemDocument64", pointer, pointer, ctypes.c_size_t, ctypes.c_char_p),
        ("FPDF_GetLastError", ctypes.c_ulong),
        ("FPDF_GetPageCount", number, pointer),
        ("FPDF_LoadPage", pointer, pointer, number),
        ("FPDF_GetPageWidthF", real, pointer),
        ("FPDF_GetPageHeightF", real, pointer),
        ("FPDF_ClosePage", None, pointer),
        ("FPDFBitmap_CreateEx", pointer, number, number, number, pointer, number),
        ("FPDFBitmap_FillRect", None, pointer, number, number, number, number, ctypes.c_ulong),
        ("FPDF_RenderPageBitmap", None, pointer, pointer, number, number, number, number, number, number),
        ("FPDFBitmap_GetStride", number, pointer),
        ("FPDFBitmap_GetBuffer", pointer, pointer),
        ("FPDFBitmap_Destroy", None, pointer),
    )
    for function, result, *taken in interface:
        called = getattr(library, function)
        called.restype, called.argtypes = result, taken
    library.FPDF_InitLibraryWithConfig(ctypes.byref(Config(2, _NO_FONTS, None, 0)))
    return library
