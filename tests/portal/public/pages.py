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
        if "id" in told:
            self.ids.append(told["id"])
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if "href" in told:
            self.links.append(told["href"])
        if tag == "label" and "for" in told:
            self._labelled.add(told["for"])
        if tag in {"input", "select", "textarea"} and told.get("type") != "hidden":
            self._controls.append(told)
        if tag == "img" and "alt" not in told:
            self.faults.append("a picture without words")
        if "style" in told or any(name.startswith("on") for name in told):
            self.faults.append(f"<{tag}> with a style or script of its own")
        self.said.extend(v for k, v in attrs if k in {"title", "alt", "aria-label", "value"} and v)
        if tag not in _VOID:
            self._open.append(tag)

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


_VOID = {"meta", "link", "input", "br", "hr", "img"}
