"""The report's page in a real browser: offline, by keyboard, in both languages and colours, whatever documents say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest

from pipeline.report.build import build
from pipeline.run import run
from tests.made_act_pdf import pdf, release_of
from tests.made_release import HEADERS, Shape, publish
from tests.test_in_time import ACTS, FOLDER

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")

HOSTILE = '</script><script>window.ran = 1</script><img src=x onerror="window.ran = 2"><!-- \u2028 {{ 7*7 }}'
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
NUMBER = "#matrix td button"


@dataclass
class Opened:
    """A page, with what it asked for beyond its folder and what it complained about."""

    page: playwright.Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    return build(publish(folder / "out", Shape(45, 8, 6, canary=HOSTILE)), folder / "report", Path("nowhere")).page


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with every kind of number, small enough for axe to look at all of it."""
    folder = tmp_path_factory.mktemp("small")
    return build(publish(folder / "out", Shape(9, 8, 1, seed=1, canary=HOSTILE)), folder / "report", folder).page


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on a PDF that stands beside the acts of `in_time`."""
    folder = tmp_path_factory.mktemp("pictured")
    (folder / "deep" / "sources").mkdir(parents=True)
    (folder / "deep" / "sources" / "act.pdf").write_bytes(pdf())
    output = release_of(folder / "out", folder / "deep", *(FOLDER / f"{name}.txt" for name in ACTS))
    return build(output, folder / "report", folder).page


@pytest.fixture
def open_page(browser: playwright.Browser) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def opened(path: Path, size: dict[str, int] = DESK, locale: str = "id-ID", **options: object) -> Opened:
        context = browser.new_context(viewport=size, locale=locale, **options)
        contexts.append(context)
        context.set_default_timeout(5_000)
        found = Opened(context.new_page())

        def guard(route: playwright.Route) -> None:
            if route.request.url.startswith(path.parent.as_uri()):
                route.continue_()
            else:
                found.requests.append(route.request.url)
                route.abort()

        found.page.route("**/*", guard)
        found.page.on(
            "console",
            lambda message: found.errors.append(message.text) if message.type in ("error", "warning") else None,
        )
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.goto(path.as_uri())
        return found

    yield opened
    for context in contexts:
        context.close()


@contextmanager
def quiet(opened: Opened) -> Iterator[playwright.Page]:
    """Nothing was asked of the network, nothing complained, and no text of a document ran."""
    yield opened.page
    assert opened.requests == []
    assert opened.errors == []
    assert opened.page.evaluate("window.ran") is None


def visit_all(page: playwright.Page) -> None:
    """Scroll through the page, so that all parts are made, and open what is closed."""
    page.locator("#files > summary").click()
    for name in ("charts", "offices", "changes", "candidates", "findings"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.locator(f"#{name} h2").first.scroll_into_view_if_needed()
    page.locator("#offices summary").first.wait_for()
    page.locator("#offices summary").first.click()
    page.locator("#offices .inline summary").first.click()
    page.locator("#findings .entries li").first.wait_for()


def test_nothing_is_loaded_and_nothing_runs_but_the_page(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        visit_all(page)
        page.locator(NUMBER).first.click()
        page.locator("#source .printed").first.wait_for()
        for place in ("#matrix", "#source", "#offices", "#findings", "#files", "#charts", "#candidates"):
            assert "window.ran" in page.locator(place).inner_text(), place
        assert page.locator("body img, body script:not([type])").count() == 0


def test_the_policy_stops_what_a_document_would_add(report: Path, open_page: Callable[..., Opened]) -> None:
    opened = open_page(report)
    opened.page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.org/x.png'}))"
    )
    opened.page.wait_for_timeout(100)
    assert opened.requests == []
    assert any("Content Security Policy" in error for error in opened.errors)
    with pytest.raises(playwright.Error, match="TrustedHTML"):
        opened.page.evaluate("document.body.innerHTML = '<b>x</b>'")


def test_filters_and_search_narrow_the_table(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        rows_shown = page.locator("#matrix tbody tr:not(.group)")
        whole = rows_shown.count()
        assert page.locator("#matrix thead th").count() == 21
        page.get_by_label("Cari indikator").fill("TTD")
        playwright.expect(rows_shown).not_to_have_count(whole)
        assert all("TTD" in text for text in rows_shown.locator(".name").all_inner_texts())
        page.get_by_role("button", name="Hapus saringan").click()
        assert rows_shown.count() == whole
        page.locator("#filters").get_by_label("Status").select_option("lost")
        assert set(page.locator(f"{NUMBER} .value").all_inner_texts()) == {"hilang"}
        page.locator("#filters").get_by_label("Status").select_option("unit_differs")
        assert all("satuan lain" in text for text in page.locator(NUMBER).all_inner_texts())
        page.get_by_role("button", name="Hapus saringan").click()
        province = page.locator("#filters").get_by_label("Provinsi")
        name = province.locator("option").nth(1).inner_text()
        province.select_option(name)
        assert set(page.locator("#matrix thead small").all_inner_texts()) == {name}
        page.get_by_label("Cari indikator").fill("tidak ada yang begini")
        page.get_by_text("Tidak ada yang cocok dengan saringan ini.").wait_for()


def test_columns_are_turned_page_by_page(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        seen = page.locator("#matrix thead th span").all_inner_texts()
        for _ in range(2):
            page.locator("#columns").get_by_role("button", name="Berikutnya").click()
            seen += page.locator("#matrix thead th span").all_inner_texts()
        assert len(seen) == len(set(seen)) == 45
        assert "41–45 dari 45" in page.locator("#columns").inner_text()


def test_colours_can_show_the_national_target(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        assert page.locator(f"{NUMBER}[class*=rank-]").count() > 0
        page.get_by_label("Warna menurut").select_option("meets")
        assert page.locator(f"{NUMBER}[class*=rank-]").count() == 0
        assert page.locator(f"{NUMBER}.meets-true").count() > 0
        assert "mencapai target nasional" in page.locator(f"{NUMBER}.meets-true").first.text_content()


def test_the_keyboard_alone_reaches_a_source_and_comes_back(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('#matrix td button')"):
                break
        for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "End", "Home"):
            before = page.evaluate(
                "document.activeElement.textContent + document.activeElement.closest('tr').rowIndex + document.activeElement.parentElement.cellIndex"
            )
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.matches('#matrix td button')")
            assert (
                page.evaluate(
                    "document.activeElement.textContent + document.activeElement.closest('tr').rowIndex + document.activeElement.parentElement.cellIndex"
                )
                != before
            )
        assert page.locator(f"{NUMBER}[tabindex='0']").count() == 1
        page.evaluate("window.from = document.activeElement")
        page.keyboard.press("Enter")
        page.locator("#source .printed").first.wait_for()
        page.keyboard.press("Escape")
        assert page.locator("#source[open]").count() == 0
        assert page.evaluate("document.activeElement === window.from")


def test_a_number_shows_its_row_as_printed_and_as_read(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        number = page.locator(f"{NUMBER}.ok").first
        value = number.locator(".value").inner_text().split("\u202f")[0].lstrip("≥ ").split("–")[0]
        number.click()
        source = page.locator("#source")
        target = source.locator(".printed .target")
        assert "TARGET DAN TAHUN PENCAPAIAN" in target.inner_text()
        assert value in target.inner_text()
        assert value in source.locator(".plain .this").inner_text()
        for head in ("Baris seperti tercetak", "Target seperti terbaca", "Perangkat daerah", "Temuan pada baris ini"):
            assert source.get_by_role("heading", name=head).count() == 1
        assert source.locator("dt").all_inner_texts()[: len(HEADERS)] == list(HEADERS)
        assert not re.search(r"\b(?:null|undefined|NaN)\b", page.locator("body").inner_text())


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_number_from_a_pdf_shows_the_picture_of_its_row(
    pictured: Path, size: dict[str, int], open_page: Callable[..., Opened]
) -> None:
    assert (pictured.parent / "pages").is_dir()
    opened = open_page(pictured, size)
    asked: list[str] = []
    opened.page.on("request", lambda request: asked.append(request.url))
    with quiet(opened) as page:
        assert asked == []
        page.locator(NUMBER).first.click()
        picture = page.locator("#source svg.picture.loaded")
        picture.wait_for()
        assert len(asked) == 1
        assert asked[0].endswith("-2.webp")
        x, y, width, height = map(float, picture.get_attribute("viewBox").split())
        assert 0 < height < 100
        box = {name: float(picture.locator("rect.box").get_attribute(name)) for name in ("x", "y", "width", "height")}
        assert x <= box["x"] < box["x"] + box["width"] <= x + width
        assert y <= box["y"] < box["y"] + box["height"] <= y + height
        page.get_by_role("button", name="Seluruh halaman").click()
        assert picture.get_attribute("viewBox") == "0 0 595 842"


def test_pictures_that_are_gone_are_told(pictured: Path, tmp_path: Path, open_page: Callable[..., Opened]) -> None:
    shutil.copy(pictured, tmp_path)
    page = open_page(tmp_path / pictured.name).page
    page.locator(NUMBER).first.click()
    page.get_by_text("Gambar halaman tidak dapat dimuat").wait_for()
    assert page.locator("#source .printed").count() > 0


def test_sources_that_are_gone_are_told_by_the_page(
    pictured: Path, tmp_path: Path, open_page: Callable[..., Opened]
) -> None:
    page_path = build(pictured.parent.parent / "out", tmp_path / "report", tmp_path).page
    with quiet(open_page(page_path)) as page:
        page.locator(NUMBER).first.click()
        page.get_by_text("PDF sumbernya tidak ditemukan").wait_for()


def test_redlines_are_opened_when_they_are_asked_for(pictured: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(pictured)) as page:
        assert page.locator(".redline ins").count() == 0
        page.locator("#changes summary", has_text="PERUBAHAN KEDUA").click()
        page.locator(".redline ins").first.wait_for()
        assert page.locator(".redline del").count() > 0


def test_findings_are_filtered(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        page.locator("#findings h2").scroll_into_view_if_needed()
        entries = page.locator("#findings .entries li")
        entries.first.wait_for()
        findings = page.locator("#findings")
        findings.get_by_label("Tingkat").select_option("warning")
        assert set(findings.locator(".severity").all_inner_texts()) == {"peringatan"}
        code = findings.get_by_label("Jenis").locator("option").nth(1).inner_text()
        findings.get_by_label("Jenis").select_option(code)
        assert set(findings.locator(".finding code").all_inner_texts()) <= {code}
        findings.get_by_label("Tingkat").select_option("")
        findings.get_by_label("Jenis").select_option("")
        findings.get_by_label("Peraturan").select_option("3")
        assert entries.count() == 6


def test_candidates_lead_to_their_row_and_their_lines(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report)) as page:
        page.locator("#candidates h2").scroll_into_view_if_needed()
        entry = page.locator("#candidates article").first
        entry.wait_for()
        assert "catalog_id: stunting." in entry.locator("pre").inner_text()
        entry.get_by_role("button", name="Lihat baris cetaknya").click()
        page.locator("#source .printed").first.wait_for()


def test_language_and_colours_are_switched_and_kept(report: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(report, locale="en-US")) as page:
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").inner_text() == "What regencies promise, side by side"
        page.get_by_role("radio", name="Indonesia").check()
        assert page.locator("html").get_attribute("lang") == "id"
        page.locator(NUMBER).first.click()
        page.get_by_role("heading", name="Baris seperti tercetak").wait_for()
        page.keyboard.press("Escape")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("radio", name="Gelap").check()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        page.reload()
        assert page.locator("html").get_attribute("lang") == "id"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_anyone_can_use_it(small: Path, size: dict[str, int], open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(small, size, color_scheme="light")) as page:
        visit_all(page)
        for language, scheme in product(("Indonesia", "English"), ("light", "dark")):
            page.get_by_role("radio", name=language).check()
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == ""
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.querySelector('#matrix td button').click()")
            page.locator("#source .printed").first.wait_for()
            assert violations(page, "#source") == ""
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            page.keyboard.press("Escape")


def test_every_kind_of_number_can_be_read(small: Path, open_page: Callable[..., Opened]) -> None:
    with quiet(open_page(small)) as page:
        kinds = page.evaluate(
            "[...document.querySelectorAll('#matrix td button')].flatMap((one) => [...one.classList])"
        )
        assert {
            "ok",
            "text",
            "lost",
            "unit_differs",
            "probably_copied",
            "superseded",
            "rank-0",
            "rank-1",
            "rank-3",
            "rank-4",
            "size-0",
            "size-4",
        } <= set(kinds)
        page.get_by_label("Warna menurut").select_option("meets")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, "#matrix") == ""


def violations(page: playwright.Page, context: str | None = None) -> str:
    """What WCAG 2 A and AA forbid there, as axe tells it; empty where there is nothing."""
    found = axe.Axe().run(page, context=context, options=WCAG)
    return found.generate_report() if found.violations_count else ""


def test_a_release_with_nothing_to_compare_says_so(tmp_path: Path, open_page: Callable[..., Opened]) -> None:
    run([FOLDER / "base.txt"], tmp_path / "out")
    with quiet(open_page(build(tmp_path / "out", tmp_path / "report", tmp_path).page)) as page:
        page.get_by_text("belum mengenali satu baris pun").wait_for()
