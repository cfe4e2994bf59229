"""Apache Spark: the same SELECT on a standalone master or a Spark Connect server.

Spark reads the ledger's Parquet files where they are, so its workers must see the same paths;
rows that are not in such files are written to the scratch folder first.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa
import sqlglot
from pyarrow import parquet as pq
from sqlglot import exp

from assay.core.issues import Issue, Refused
from assay.engine.compile import Compiled, Moment, totals_name
from assay.engine.duck import Session
from assay.tables.duck import named, quoted
from assay.tables.held import HeldTable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONNECT = "sc://"
_REACH_SECONDS = 5
SPARK_ADDRESSES = ("spark://", CONNECT)
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
}
_OWN_CONTEXT = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "16",
}


def judge_on_spark(
    address: str, session: Session, compiled: Compiled, moment: Moment, *, scratch: Path
) -> pa.Table:
    """Run a compiled review on the Spark at `address` and return the judged rows.

    The session stays open for the next review of this process on the same address. Raises
    Refused where Spark is not installed, cannot be reached or fails.
    """
    _reach(address)
    spark = _connect(address)
    try:
        for name, path in _calendar_files(session, compiled, moment, scratch).items():
            spark.read.parquet(path).createOrReplaceTempView(name)
        for name in compiled.tables:
            _view(spark, name, session.facts.tables[name], session, scratch)
        for name in compiled.totals:
            _view(spark, totals_name(name), session.facts.totals[name], session, scratch)
        return spark.sql(spark_sql(compiled.sql)).toArrow()
    except Exception as error:
        spark.stop()
        raise _refusal(address, error) from error


def spark_sql(sql: str) -> str:
    """Write a compiled SELECT for Spark; sums are widened, as Spark's do not widen themselves."""

    def widened(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Sum):
            return exp.Sum(this=exp.cast(node.this, "DECIMAL(20, 0)"))
        return node

    tree = sqlglot.parse_one(sql, dialect="duckdb").transform(widened)
    return str(tree.sql(dialect="spark"))


def _reach(address: str) -> None:
    """Refuse an address that nobody listens on: Spark itself would try for a minute."""
    try:
        place = urlsplit(address)
        at = (place.hostname or "", place.port or 0)
        socket.create_connection(at, timeout=_REACH_SECONDS).close()
    except (OSError, ValueError) as error:
        raise _refusal(address, error) from None


def _connect(address: str) -> SparkSession:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra that few need

        active = SparkSession.getActiveSession()
        if active is not None and active.conf.get("spark.master", address) != address:
            active.stop()
        builder: Any = SparkSession.builder
        if address.startswith(CONNECT):
            builder = builder.remote(address)
        else:
            builder = builder.appName("assay").master(address)
            for key, value in (_OWN_CONTEXT | _on_loopback(address)).items():
                builder = builder.config(key, value)
        for key, value in _SETTINGS.items():
            builder = builder.config(key, value)
        spark: SparkSession = builder.getOrCreate()
    except ImportError:
        raise Refused(
            Issue(
                file=address,
                message="Spark is not installed here",
                hint="install the extra assay[spark], or leave --engine out",
            )
        ) from None
    except Exception as error:
        raise _refusal(address, error) from error
    return spark


def _on_loopback(address: str) -> dict[str, str]:
    """Let workers on this machine call back where the master is, not at its network name."""
    loopback = "127.0.0.1"
    here = f"//{loopback}:" in address or "//localhost:" in address
    return {"spark.driver.host": loopback, "spark.driver.bindAddress": loopback} if here else {}


def _refusal(address: str, error: Exception) -> Refused:
    problem = " ".join(str(error).split())[:300] or type(error).__name__
    return Refused(
        Issue(
            file=address,
            message=f"Spark could not compute the review: {problem}",
            hint="check the address, that Java 17 is there, and that its workers see these paths",
        )
    )


def _calendar_files(
    session: Session, compiled: Compiled, moment: Moment, scratch: Path
) -> dict[str, str]:
    files = {}
    for name, rows in session.calendars(compiled.calendars, moment).items():
        files[name] = str(scratch / f"calendar-{name}.parquet")
        pq.write_table(rows, files[name])
    return files


def _view(spark: SparkSession, name: str, held: HeldTable, session: Session, scratch: Path) -> None:
    """Name the rows of a table for Spark: its files less what is superseded, or a copy."""
    paths, superseded = held.paths, held.superseded
    if not paths:
        copy = str(scratch / f"rows-{name}.parquet")
        session.connection.execute(
            f"COPY (SELECT * FROM {named(name)}) TO {quoted(copy)} (FORMAT parquet)"
        )
        paths, superseded = (copy,), ()
    rows = spark.read.parquet(*paths)
    if superseded:
        gone = spark.read.parquet(*superseded).select("_row")
        rows = rows.join(gone, on="_row", how="left_anti")
    rows.createOrReplaceTempView(name)
