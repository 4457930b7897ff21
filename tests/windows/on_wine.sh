#!/usr/bin/env bash
# Run Python for Windows, with this checkout, under Wine. Needs Debian's wine64 and
# gcc-mingw-w64-x86-64-win32, python3.11 and pip. It is built once, in $WINE_PYTHON.
#
#   tests/windows/on_wine.sh -m pytest tests/unit/sources
#   tests/windows/on_wine.sh -m irclassify --version
#
# The interpreter is CPython's own python311.dll, which the wheel of panda3d holds; a launcher takes
# the place of python.exe, and the library of this machine's Python 3.11 is the standard library.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
home=${WINE_PYTHON:-${XDG_CACHE_HOME:-$HOME/.cache}/irclassify-wine}
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
export WINEPREFIX=$home/prefix WINEDEBUG=-all PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
export PYTHONPATH="Z:$here"

compile() { x86_64-w64-mingw32-gcc-win32 -O1 "$@"; }

wheels() { # for Windows, into the folder $1
  python3.11 -m pip install --quiet --root-user-action ignore --no-compile --only-binary :all: \
    --platform win_amd64 --python-version 3.11 --implementation cp --target "$@"
}

build() {
  local python=$home/part scratch
  rm -rf "$python"
  mkdir -p "$python/DLLs"
  scratch=$(mktemp -d)
  python3.11 -m pip download --quiet --no-deps --only-binary :all: --platform win_amd64 \
    --python-version 3.11 -d "$scratch" panda3d==1.10.16
  unzip -qj "$scratch"/panda3d*.whl 'deploy_libs/*.pyd' 'deploy_libs/lib*.dll' \
    'deploy_libs/sqlite3.dll' -d "$python/DLLs"
  unzip -qj "$scratch"/panda3d*.whl deploy_libs/python311.dll deploy_libs/VCRUNTIME140.dll \
    -d "$python"
  compile -x c -municode -o "$python/python.exe" - <<'C'
#include <windows.h>
typedef int (*Main)(int, wchar_t **);
int wmain(int argc, wchar_t **argv) {
  HMODULE dll = LoadLibraryW(L"python311.dll");
  return dll ? ((Main)(void *)GetProcAddress(dll, "Py_Main"))(argc, argv) : 99;
}
C
  # A part of newer Windows that Wine 8 lacks.
  compile -x c -shared -o "$python/bcryptprimitives.dll" - -ladvapi32 <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE p, SIZE_T n) {
  return SystemFunction036(p, (ULONG)n);
}
C
  cp -r "$(python3.11 -c 'import os; print(os.path.dirname(os.__file__))')" "$python/Lib"
  rm -rf "$python/Lib/site-packages" "$python/Lib/test" "$python/Lib/lib-dynload"
  # numpy 2 and the newest onnxruntime call functions that Wine 8 lacks.
  wheels "$python/Lib/site-packages" "numpy<2" "onnxruntime<1.19" "pyarrow<18" "h5py<3.12" \
    "rdkit<2025" "matplotlib<3.10" "scipy<1.14" typer rich threadpoolctl jinja2 olefile \
    python-calamine fsspec pytest "hypothesis>=6.100" colorama
  python3.11 -m pip install --quiet --root-user-action ignore --no-deps \
    --target "$python/Lib/site-packages" jcamp
  rm -rf "$scratch"
  "$wine" winecfg -v win10
  mv "$python" "$home/python"
}

[ -x "$home/python/python.exe" ] || build >&2
# Wine's Python starts with a pipe for its output, not with a file.
"$wine" "$home/python/python.exe" "$@" 2>&1 | cat
exit "${PIPESTATUS[0]}"
