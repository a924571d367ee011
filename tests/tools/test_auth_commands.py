"""`auth.token` as it is typed."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis import minting
from services.chassis.auth.development import ISSUER, DevelopmentIssuer
from services.chassis.auth.verification import TokenVerifier

CHECKOUT = Path(__file__).parents[2]


def token(folder: Path, scopes: str, **environment: str) -> int:
    return minting.main(scopes, {"VAR_DIR": str(folder), **environment})


def believed(folder: Path, printed: str) -> frozenset[str]:
    """The scopes that a service finds in what was printed."""
    verifier = TokenVerifier(DevelopmentIssuer.open(folder), ISSUER, "services")
    return asyncio.run(verifier.verify(printed.removesuffix("\n"))).scopes


def test_a_token_is_all_that_the_command_prints(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("invoke")
    done = subprocess.run(
        [program, "--search-root", CHECKOUT, "auth.token", "rooms:write"],
        check=False,
        text=True,
        capture_output=True,
        env=os.environ | {"VAR_DIR": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert believed(tmp_path, done.stdout) == frozenset({"rooms:write"})


@pytest.mark.parametrize("words", ["rooms:write items:write", "rooms:write,items:write"])
def test_it_may_have_several_scopes(
    tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert token(tmp_path, words) == 0
    assert believed(tmp_path, capsys.readouterr().out) == frozenset({"rooms:write", "items:write"})


@pytest.mark.parametrize(
    ("words", "reason"), [("rooms:wrote", "No service knows rooms:wrote."), (" ", "Name a scope.")]
)
def test_an_unknown_scope_is_refused_with_those_that_there_are(
    tmp_path: Path, words: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert token(tmp_path, words) == 2
    printed = capsys.readouterr()
    said, *listed = printed.err.splitlines()
    assert (printed.out, said) == ("", f"auth.token: {reason} There are:")
    assert {line.split()[0] for line in listed} >= {"events:read", "items:write", "rooms:write"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "environment", [{"PROFILE": "production"}, {"AUTH_ISSUER": "https://login.example"}]
)
def test_where_another_issuer_is_believed_it_says_so(
    tmp_path: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert token(tmp_path, "rooms:write", **environment) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "docs/auth.md" in printed.err


def test_a_damaged_key_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "development-key.pem").touch()
    assert token(tmp_path, "rooms:write") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "delete the file" in said


def test_settings_that_cannot_be_used_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert token(tmp_path, "rooms:write", ITEMS_PORT="many") == 1
    assert "ITEMS_PORT" in capsys.readouterr().err
