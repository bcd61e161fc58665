"""Writes a table as its package has it. Packages come from npm or Debian, once."""

import bz2
import lzma
import os
import subprocess
import warnings
import zlib
from pathlib import Path

import pandas

warnings.simplefilter("ignore")

LZMA = {"format": lzma.FORMAT_RAW, "filters": [{"id": lzma.FILTER_LZMA2}]}


def unpacked(folder, package):
    """The folder of an npm or Debian package's files."""
    files = folder / "packages" / package
    if files.exists():
        return files
    files.mkdir(parents=True)
    # Other mirrors and proxies are a matter of the package managers.
    if package.startswith("r-cran-"):
        subprocess.run(["apt-get", "download", "-qq", package], cwd=files, check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["dpkg-deb", "-x", next(files.glob("*.deb")), files], check=True)
    else:
        subprocess.run(["npm", "pack", "--silent", f"{package}@3.2.1"], cwd=files, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "xzf", next(files.glob("*.tgz")).name], cwd=files, check=True)
    return files


def lazy_object(data, name):
    """An object of R's lazy-load database: https://cran.r-project.org/doc/manuals/r-release/R-ints.html"""
    import rdata

    read = lambda content: rdata.conversion.convert(rdata.parser.parse_data(content))
    where, size = (int(number) for number in read((data / "Rdata.rdx").read_bytes())["variables"][name])
    block = (data / "Rdata.rdb").read_bytes()[where : where + size]
    if block[4:5] == b"2":
        return read(bz2.decompress(block[5:]))
    if block[4:5] == b"Z":
        return read(lzma.decompress(block[5:], **LZMA))
    return read(zlib.decompress(block[4:]))


def r_table(folder, package, name):
    import rdata

    data = next(path for path in unpacked(folder, package).glob("usr/lib/R/*/*/data"))
    alone = data / f"{name}.rda"
    table = rdata.read_rda(alone)[name] if alone.exists() else lazy_object(data, name)
    # R writes whole numbers without a point, whatever their type.
    return table.convert_dtypes(convert_string=False, convert_boolean=False, infer_objects=False)


def vega_table(folder, package, name):
    path = unpacked(folder, package) / "package" / "data" / name
    if path.suffix == ".parquet":
        table = pandas.read_parquet(path)
        # The question asked of this table: does a flight come late?
        return table.assign(late=table.delay > 15).drop(columns="delay")
    return pandas.read_json(path, convert_dates=False) if path.suffix == ".json" else path


def sklearn_table(name):
    import sklearn.datasets

    return getattr(sklearn.datasets, f"load_{name}")(as_frame=True).frame


def fetch(folder, package, name, file):
    folder, target = Path(folder), Path(file)
    # R calls the object lung by another name.
    name = {"lung": "cancer"}.get(name, name)
    if package == "scikit-learn":
        table = sklearn_table(name)
    elif package.startswith("r-cran-"):
        table = r_table(folder, package, name)
    else:
        table = vega_table(folder, package, name)
    part = target.with_name(f"part-{target.name}")
    if isinstance(table, Path):
        part.write_bytes(table.read_bytes())
    elif target.suffix == ".parquet":
        table.to_parquet(part, index=False)
    else:
        table.to_csv(part, index=False, na_rep="NA")
    os.replace(part, target)

