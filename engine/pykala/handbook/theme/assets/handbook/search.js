// The search: the index of mkdocs and the worker of Material, read when the reader comes to the field; the list of what
// was found is drawn here. All of it works by keyboard: the results are links, one Tab or arrow away from the field.
(function () {
  "use strict";
  var SHOWN = 30;
  var form = document.getElementById("site-search");
  var config = JSON.parse(document.getElementById("__config").textContent);
  if (!form) return;
  var field = form.querySelector("input"), panel = form.querySelector(".search__panel");
  var status = form.querySelector("[role=status]"), list = form.querySelector(".search__list");
  var worker = null, ready = false, base = new URL(config.base + "/", location.href);
  var words = config.translations, titles = {};

  // Material's messages: 0 the index, 1 ready, 2 a query, 3 what was found.
  function start() {
    if (worker) return;
    var url = new URL(config.search, location.href).href;
    worker = location.protocol === "file:" ? new FrameWorker(url) : new Worker(url);
    worker.onmessage = function (event) {
      if (event.data.type === 1) { ready = true; ask(); }
      if (event.data.type === 3) show(event.data.data.items);
    };
    read(function (index) {
      index.docs.forEach(function (each) { titles[each.location] = each.title; });
      worker.postMessage({ type: 0, data: { config: index.config, docs: index.docs, options: {} } });
    });
  }

  // A page that was opened from a folder may read a script from it, and nothing else.
  function read(done) {
    var index = new URL("search/search_index", base).href;
    if (location.protocol !== "file:") {
      fetch(index + ".json").then(function (answer) { return answer.json(); }).then(done);
      return;
    }
    var script = document.createElement("script");
    script.src = index + ".js";
    script.onload = function () { done(window.__index); };
    document.head.appendChild(script);
  }

  function ask() {
    var query = field.value.trim();
    panel.hidden = !query;
    if (!query) { list.replaceChildren(); status.textContent = ""; return; }
    if (ready) worker.postMessage({ type: 2, data: query }); else status.textContent = form.dataset.wait;
  }

  function show(found) {
    if (!field.value.trim()) return;
    var old = /(^|\/)version-[^/]*\//;
    var pages = found.map(function (parts) {
      var page = parts.find(function (each) { return each.location.indexOf("#") < 0; }) || parts[0];
      var best = parts.reduce(function (a, b) { return b.score > a.score ? b : a; });
      return { page: page, best: best, old: old.test(page.location) };
    });
    pages = pages.filter(function (each) { return !each.old; }).concat(pages.filter(function (each) { return each.old; }));
    status.textContent = pages.length === 0 ? words["search.result.none"]
      : pages.length === 1 ? words["search.result.one"]
      : words["search.result.other"].replace("#", pages.length);
    list.replaceChildren.apply(list, pages.slice(0, SHOWN).map(draw));
  }

  function draw(found) {
    var item = document.createElement("li"), link = document.createElement("a"), said = document.createElement("p");
    var part = found.best.location !== found.page.location;
    link.href = new URL(found.best.location, base).href;
    link.append(marked(found.page.title));
    if (part) link.append(" – ", marked(found.best.title));
    // Two services may have a rule of one name: the page above says which one this is.
    var above = titles[found.page.location.replace(/[^/]+\/index\.html$/, "index.html")];
    if (above && above !== titles["index.html"]) said.append(marked(above), " · ");
    said.append(marked(found.best.text || found.page.text || "", 160));
    item.append(link, said);
    return item;
  }

  // The text of a piece of HTML with its marks, and nothing else of it; cut to a length around the first mark.
  function marked(html, length) {
    var template = document.createElement("template"), out = document.createDocumentFragment(), pieces = [];
    template.innerHTML = html;
    (function walk(node, inside) {
      node.childNodes.forEach(function (child) {
        if (child.nodeType === 3) pieces.push([child.data.replace(/\s+/g, " "), inside]);
        else { walk(child, inside || child.nodeName === "MARK"); if (/^(P|LI|TD|TH|DD|DT)$/.test(child.nodeName)) pieces.push([" ", false]); }
      });
    })(template.content, false);
    var first = pieces.findIndex(function (each) { return each[1]; });
    if (length && first > 0) {
      var before = pieces.slice(0, first).map(function (each) { return each[0]; }).join("");
      if (before.length > length / 3) pieces = [["… " + before.slice(-length / 3).replace(/^\S*\s/, ""), false]].concat(pieces.slice(first));
    }
    var left = length || Infinity;
    pieces.some(function (each) {
      var text = each[0].length > left ? each[0].slice(0, left).replace(/\s\S*$/, "") + " …" : each[0];
      left -= each[0].length;
      if (each[1]) { var mark = document.createElement("mark"); mark.textContent = text; out.append(mark); } else out.append(text);
      return left <= 0;
    });
    return out;
  }

  function close() { panel.hidden = true; }

  field.addEventListener("focus", start);
  field.addEventListener("input", function () { start(); ask(); });
  field.addEventListener("focus", function () { if (field.value.trim()) panel.hidden = false; });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) first.focus();
  });
  form.addEventListener("keydown", function (event) {
    var stops = [field].concat(Array.prototype.slice.call(list.querySelectorAll("a")));
    var at = stops.indexOf(document.activeElement);
    if (event.key === "Escape" && !panel.hidden) { close(); field.focus(); close(); }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !panel.hidden && at >= 0) {
      stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus();
      event.preventDefault();
    }
  });
  form.addEventListener("focusout", function (event) { if (event.relatedTarget && !form.contains(event.relatedTarget)) close(); });
  document.addEventListener("pointerdown", function (event) { if (!form.contains(event.target)) close(); });
  list.addEventListener("click", function (event) { if (event.target.closest("a")) close(); });

  // A page from a folder may not start a worker from a file. A hidden frame runs the same script instead: what the
  // worker would get and send goes between the two windows.
  function FrameWorker(url) {
    var self = this, waiting = [], frame = document.createElement("iframe");
    window.IFrameWorker = FrameWorker; // Material's script looks for this name to know that it runs in a frame
    // The frame's own `postMessage` tells this window; so it is told by this window's.
    function tell(message) { window.postMessage.call(frame.contentWindow, message, "*"); }
    this.postMessage = function (message) { if (waiting) waiting.push(message); else tell(message); };
    addEventListener("message", function (event) {
      if (event.source !== frame.contentWindow) return;
      if (event.data !== "ready") { self.onmessage(event); return; }
      waiting.forEach(tell);
      waiting = null;
    });
    frame.hidden = true;
    frame.title = "";
    frame.srcdoc = "<script>(" + inside + ")()</" + "script><script src='" + url + "' onload='parent.postMessage(\"ready\",\"*\")'></" + "script>";
    document.body.appendChild(frame);
  }

  // Runs in the frame: what a worker has and a window has not.
  function inside() {
    var post = parent.postMessage.bind(parent);
    window.postMessage = function (message) { post(message, "*"); };
    window.importScripts = function () {
      return Array.prototype.reduce.call(arguments, function (before, url) {
        return before.then(function () {
          return new Promise(function (done, failed) {
            var script = document.createElement("script");
            script.src = url;
            script.onload = done;
            script.onerror = failed;
            document.head.appendChild(script);
          });
        });
      }, Promise.resolve());
    };
  }
})();
