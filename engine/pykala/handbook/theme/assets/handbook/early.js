// Before anything is drawn: the chosen colours, and a way to search in a site that is opened from a folder.
(function () {
  "use strict";
  var root = document.documentElement;
  var wanted = null;
  try { wanted = localStorage.getItem("handbook-scheme"); } catch (error) { /* no storage: the system's choice stands */ }
  var dark = matchMedia("(prefers-color-scheme: dark)");

  function scheme() { return wanted || (dark.matches ? "slate" : "default"); }

  function paint() {
    root.setAttribute("data-scheme", scheme());
    if (document.body) document.body.setAttribute("data-md-color-scheme", scheme());
  }

  window.handbook = {
    toggle: function () {
      wanted = scheme() === "slate" ? "default" : "slate";
      try { localStorage.setItem("handbook-scheme", wanted); } catch (error) { /* kept for this page alone */ }
      paint();
    },
  };
  paint();
  dark.addEventListener("change", paint);
  new MutationObserver(function (_, observer) {
    if (document.body) { observer.disconnect(); paint(); }
  }).observe(root, { childList: true });

  // A page from a folder may not start a worker from a file. A hidden frame runs the same script instead: what the
  // worker would get and send goes between the two windows.
  if (location.protocol !== "file:") return;

  window.Worker = function FrameWorker(url) {
    var self = this, waiting = [], frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = "";
    window.addEventListener("message", function (event) {
      if (event.source !== frame.contentWindow) return;
      if (event.data === "handbook-ready") {
        waiting.forEach(function (message) { frame.contentWindow.postMessage(message, "*"); });
        waiting = null;
      } else {
        var told = new MessageEvent("message", { data: event.data });
        if (self.onmessage) self.onmessage(told);
        self.listeners.forEach(function (listener) { listener.call(self, told); });
      }
    });
    this.listeners = [];
    this.addEventListener = function (kind, listener) { if (kind === "message") self.listeners.push(listener); };
    this.removeEventListener = function (kind, listener) {
      self.listeners = self.listeners.filter(function (each) { return each !== listener; });
    };
    this.postMessage = function (message) {
      if (waiting) waiting.push(message); else frame.contentWindow.postMessage(message, "*");
    };
    this.terminate = function () { frame.remove(); };
    var close = "</" + "script>";
    frame.srcdoc = "<base href='" + url + "'><script>(" + inside + ")()" + close +
      "<script src='" + url + "' onload='parent.postMessage(\"handbook-ready\",\"*\")'>" + close;
    function add() { document.body.appendChild(frame); }
    if (document.body) add(); else document.addEventListener("DOMContentLoaded", add);
  };

  // Runs in the frame: what a worker has and a window has not.
  function inside() {
    window.importScripts = function () {
      return Promise.all(Array.prototype.map.call(arguments, function (url) {
        return new Promise(function (done, failed) {
          var script = document.createElement("script");
          script.src = url;
          script.onload = done;
          script.onerror = failed;
          document.head.appendChild(script);
        });
      }));
    };
    var post = parent.postMessage.bind(parent);
    window.postMessage = function (message) { post(message, "*"); };
  }
})();
