"""Pages read as a browser does: headings, labels, links, ids."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """What a page is made of; `faults` tells what is not valid or not usable by everyone."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.headings, self.ids, self.links, self.said = [], [], [], []
        self._labelled, self._controls, self._open = set(), [], []
        self.faults = []
        self.feed(text)
        self.close()
        self._judge()

    @property
    def text(self):
        """Every word that a reader may see or hear, with single spaces."""
        return " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.ids += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if "href" in told else []
        if tag in _HEADINGS:
            self.headings.append(int(tag[1]))
        if tag == "label":
            self._labelled.add(told.get("for"))
        if tag in _CONTROLS and told.get("type") != "hidden":
            self._controls.append(told)
        self._judge_tag(tag, told)
        self.said.extend(told[name] for name in _WORDS if told.get(name))
        if tag not in _VOID:
            self._open.append(tag)

    def _judge_tag(self, tag, told):
        if tag == "img" and "alt" not in told:
            self.faults.append("a picture without words")
        if "style" in told or any(name.startswith("on") for name in told):
            self.faults.append(f"<{tag}> with a style or script of its own")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.said.append(data)

    def _judge(self):
        if self.headings.count(1) != 1:
            self.faults.append(f"{self.headings.count(1)} headings of the first level")
        for above, below in zip(self.headings, self.headings[1:], strict=False):
            if below > above + 1:
                self.faults.append(f"h{below} follows h{above}")
        self.faults += [f"two of id {one}" for one in set(self.ids) if self.ids.count(one) > 1]
        for control in self._controls:
            if control.get("id") not in self._labelled and "aria-label" not in control:
                self.faults.append(f"no label for {control.get('name')}")
        inner = {link[1:] for link in self.links if link.startswith("#")}
        self.faults += [f"#{one} leads nowhere" for one in inner - set(self.ids)]
        if self._open:
            self.faults.append(f"left open: {self._open}")


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CONTROLS = {"input", "select", "textarea"}
_WORDS = ("title", "alt", "aria-label", "value")
_VOID = {"meta", "link", "input", "br", "hr", "img", "source"}
