// Before anything is drawn: that scripts run, and the colours that the reader chose.
(function () {
  "use strict";
  var root = document.documentElement;
  var chosen = null;
  try { chosen = localStorage.getItem("handbook-scheme"); } catch (error) { /* no storage: the system's choice stands */ }
  var dark = matchMedia("(prefers-color-scheme: dark)");

  function scheme() { return chosen || (dark.matches ? "slate" : "default"); }

  function paint() {
    root.setAttribute("data-scheme", scheme());
    if (document.body) document.body.setAttribute("data-md-color-scheme", scheme());
  }

  window.handbook = {
    toggle: function () {
      chosen = scheme() === "slate" ? "default" : "slate";
      try { localStorage.setItem("handbook-scheme", chosen); } catch (error) { /* kept for this page alone */ }
      paint();
    },
  };
  root.classList.replace("no-js", "js");
  paint();
  dark.addEventListener("change", paint);
  new MutationObserver(function (_, observer) {
    if (document.body) { observer.disconnect(); paint(); }
  }).observe(root, { childList: true });
})();
