// After the page: the button that changes the colours, and parts that open when a link leads into them.
(function () {
  "use strict";
  document.querySelectorAll("[data-handbook=theme]").forEach(function (button) {
    button.addEventListener("click", window.handbook.toggle);
  });

  function reveal() {
    var place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var part = place; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (place && place.closest("details")) place.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  reveal();

  // What is folded is printed unfolded.
  var opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (each) { each.open = true; });
  });
  addEventListener("afterprint", function () { opened.forEach(function (each) { each.open = false; }); });
})();
