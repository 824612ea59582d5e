"""House rules of templates and static files that a machine can check."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(|:\s*(?:black|white|red|blue|green|gr[ae]y)\b", re.I)


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_only_the_tokens_name_a_colour():
    own = [path for path in [*STYLES, *SCRIPTS] if path.name not in ("tokens.css", "tokens-dark.css")]
    assert names(path for path in own if COLOUR.search(path.read_text(encoding="utf-8"))) == []


def test_every_token_that_is_used_is_defined():
    text = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    used = {name for name in re.findall(r"var\((--[\w-]+)\)", text) if not name.startswith("--bs-")}
    in_scripts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    used |= {f"--{name}" for name in re.findall(r'\btoken\("([\w-]+)"\)', in_scripts)}
    assert used - defined == set()


def test_templates_have_no_inline_script_style_or_handler():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    assert names(path for path in TEMPLATES if inline.search(path.read_text(encoding="utf-8"))) == []


def test_vendored_files_ask_for_no_source_map_and_bring_their_licence():
    vendored = [path for path in (STATIC / "vendor").rglob("*") if path.suffix in {".js", ".css"}]
    assert vendored
    assert names(path for path in vendored if "sourceMappingURL" in path.read_text(encoding="utf-8")) == []
    assert names(path for path in vendored if not list(path.parent.glob("LICENSE*"))) == []


def test_nothing_is_fetched_from_another_host():
    foreign = re.compile(r"""(?:src|href|url|import|fetch)\W{1,4}https?://""", re.I)
    own = [*STYLES, *SCRIPTS, *TEMPLATES]
    assert names(path for path in own if foreign.search(path.read_text(encoding="utf-8"))) == []


def test_scripts_import_files_that_exist():
    missing = [
        f"{path.name} -> {target}"
        for path in SCRIPTS
        for target in re.findall(r'from "(\.[^"]+)"', path.read_text(encoding="utf-8"))
        if not (path.parent / target).is_file()
    ]
    assert missing == []
