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

  // On a narrow screen the cells of a row stand below each other: where there are many, each names its column.
  document.querySelectorAll("article table").forEach(function (table) {
    var columns = table.tHead && table.tHead.rows.length === 1 ? table.tHead.rows[0].cells : [];
    if (columns.length < 3 || table.closest(".examples, .checklist")) return;
    Array.prototype.forEach.call(table.tBodies, function (body) {
      Array.prototype.forEach.call(body.rows, function (row) {
        Array.prototype.slice.call(row.cells, 1).forEach(function (cell, at) {
          if (cell.tagName === "TD" && !cell.dataset.label) cell.dataset.column = columns[at + 1].textContent;
        });
      });
    });
  });

  // What is folded is printed unfolded.
  var opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (each) { each.open = true; });
  });
  addEventListener("afterprint", function () { opened.forEach(function (each) { each.open = false; }); });
})();
