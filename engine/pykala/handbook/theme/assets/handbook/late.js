// After the page: the buttons of the header, by mouse and by keyboard.
(function () {
  "use strict";
  var button = document.querySelector("[data-handbook=search]");
  var toggle = document.getElementById("__search");
  var input = document.querySelector("[data-md-component=search-query]");

  document.querySelectorAll("[data-handbook=theme]").forEach(function (each) {
    each.addEventListener("click", window.handbook.toggle);
  });
  if (!button || !toggle || !input) return;

  function open(state) {
    document.body.classList.toggle("searching", state);
    button.setAttribute("aria-expanded", String(state));
    if (toggle.checked !== state) toggle.click();
    if (state) input.focus(); else if (document.activeElement !== document.body) button.focus();
  }

  button.addEventListener("click", function () { open(!document.body.classList.contains("searching")); });
  document.querySelector("[data-handbook=close]").addEventListener("click", function () { open(false); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.body.classList.contains("searching")) open(false);
  });
  toggle.addEventListener("change", function () {
    if (toggle.checked && !document.body.classList.contains("searching")) open(true);
    // Material closes its search on a click outside of it.
    if (!toggle.checked && document.body.classList.contains("searching")) {
      document.body.classList.remove("searching");
      button.setAttribute("aria-expanded", "false");
    }
  });
})();
