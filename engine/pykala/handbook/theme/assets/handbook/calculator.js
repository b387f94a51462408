/* Counts the last day of a time limit, as the engine does: months as the act on time limits counts them, working
   days by the list that the page carries. The counting knows nothing of the page; the form below it does no counting. */
(function (global) {
  "use strict";

  var LAST_YEAR = 9999;
  var FIRST_TYPED_YEAR = 1000;

  /* ---- days: numbered from 1970-01-01, so that no time zone is involved ---- */

  function daysInMonth(year, month) {
    if (month === 2) {
      return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
    }
    return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  }

  function toNumber(date) {
    var year = date.month <= 2 ? date.year - 1 : date.year;
    var era = Math.floor(year / 400);
    var yearOfEra = year - era * 400;
    var dayOfYear = Math.floor((153 * ((date.month + 9) % 12) + 2) / 5) + date.day - 1;
    var dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
  }

  function fromNumber(number) {
    var shifted = number + 719468;
    var era = Math.floor(shifted / 146097);
    var dayOfEra = shifted - era * 146097;
    var yearOfEra = Math.floor(
      (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365
    );
    var dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
    var shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
    var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    return {
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
      month: month,
      day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
    };
  }

  /* 0 is Monday. */
  function weekday(number) {
    return (((number + 3) % 7) + 7) % 7;
  }

  function inCalendar(number) {
    var year = fromNumber(number).year;
    return year >= 1 && year <= LAST_YEAR ? number : null;
  }

  /* `2025-05-08`, or `8.5.2025` where the browser has no field for dates; null for a day that does not exist. */
  function parseDate(text) {
    var iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
    var own = /^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\s*$/.exec(text);
    if (!iso && !own) {
      return null;
    }
    var date = iso
      ? { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }
      : { year: Number(own[3]), month: Number(own[2]), day: Number(own[1]) };
    var exists =
      date.year >= 1 && date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date.year, date.month);
    return exists ? toNumber(date) : null;
  }

  /* ---- steps ---- */

  function addPeriod(number, months, days) {
    if (months !== 0) {
      var date = fromNumber(number);
      var all = date.year * 12 + date.month - 1 + months;
      var year = Math.floor(all / 12);
      var month = all - year * 12 + 1;
      if (year < 1 || year > LAST_YEAR) {
        return null;
      }
      number = toNumber({ year: year, month: month, day: Math.min(date.day, daysInMonth(year, month)) });
    }
    return inCalendar(number + days);
  }

  function makeCalendar(years, free) {
    var closed = {};
    free.forEach(function (text) {
      closed[parseDate(text)] = true;
    });
    /* null where the holidays of the year are not known. */
    function isWorkingDay(number) {
      if (weekday(number) >= 5) {
        return false;
      }
      var year = fromNumber(number).year;
      return year < years[0] || year > years[1] ? null : closed[number] !== true;
    }
    function toWorkingDay(number, step) {
      var works = isWorkingDay(number);
      while (works === false) {
        number += step;
        works = isWorkingDay(number);
      }
      return works === null ? null : inCalendar(number);
    }
    return { isWorkingDay: isWorkingDay, toWorkingDay: toWorkingDay };
  }

  function takeStep(step, number, calendar) {
    switch (step[0]) {
      case "+":
        return addPeriod(number, step[1], step[2]);
      case "-":
        return addPeriod(number, -step[1], -step[2]);
      case "next_weekday":
        return inCalendar(number + (weekday(number) === 4 ? 3 : weekday(number) === 5 ? 2 : 1));
      case "working_day_on_or_after":
        return calendar.toWorkingDay(number, 1);
      case "working_day_on_or_before":
        return calendar.toWorkingDay(number, -1);
      case "earliest":
      case "latest":
        var found = step.slice(1).map(function (way) {
          return take(way, number, calendar);
        });
        if (found.indexOf(null) >= 0) {
          return null;
        }
        return Math[step[0] === "earliest" ? "min" : "max"].apply(null, found);
      default:
        throw new Error("unknown step " + step[0]);
    }
  }

  function take(steps, start, calendar) {
    return steps.reduce(function (number, step) {
      return number === null ? null : takeStep(step, number, calendar);
    }, start);
  }

  /* The day of a limit in one of its ways: null where it cannot be told. `unmoved` is the day without the last step,
     where that is a move to a working day which did move it; `closed` says that the day is no working day. */
  function lastDay(limit, way, start, calendar) {
    var shift = { by: 0, from: 0, before: -1, after: 1 }[limit.bound];
    var day = take(way.steps, start, calendar);
    var last = way.steps[way.steps.length - 1];
    if (day !== null && shift !== 0) {
      day = addPeriod(day, 0, shift);
    }
    if (day === null) {
      return null;
    }
    var moves = /^working_day/.test(last[0]);
    var before = moves ? addPeriod(take(way.steps.slice(0, -1), start, calendar), 0, shift) : day;
    return {
      day: day,
      unmoved: before === day ? null : before,
      closed: !moves && limit.bound === "by" && calendar.isWorkingDay(day) === false
    };
  }

  /* ---- words ---- */

  function formatDate(number, data) {
    var date = fromNumber(number);
    var parts = { day: date.day, month: date.month, year: date.year, name: data.months[date.month - 1] };
    return data.pattern.replace(/\{(\w+)\}/g, function (_, name) {
      return String(parts[name]);
    });
  }

  function formatDay(number, data) {
    return data.weekdays[weekday(number)] + " " + formatDate(number, data);
  }

  /* What is said of a limit and a start: one part for each way, each a list of [label, text] (no label: a remark). */
  function answer(data, limit, start, calendar) {
    var texts = data.texts;
    var label = limit.bound === "by" || limit.bound === "before" ? texts["last day"] : texts["first day"];
    return limit.ways.map(function (way) {
      var found = lastDay(limit, way, start, calendar);
      var rows = found === null ? [["", texts["no day"]]] : [[label, formatDay(found.day, data)]];
      if (found !== null && found.unmoved !== null) {
        rows.push(["", texts.moved.replace("{0}", formatDay(found.unmoved, data))]);
      }
      if (found !== null && found.closed) {
        rows.push(["", texts["not moved"]]);
      }
      if (way.under) {
        rows.push([texts.under, way.under]);
      }
      rows.push([texts.how, way.how]);
      return rows;
    });
  }

  /* The data of a page with the texts of the limits in their places. */
  function read(written) {
    var data = JSON.parse(written);
    Object.keys(data.limits).forEach(function (key) {
      var limit = data.limits[key];
      limit.base = data.said[limit.base];
      limit.ways.forEach(function (way) {
        way.under = data.said[way.under];
        way.how = data.said[way.how];
      });
    });
    return data;
  }

  global.pykalaCalculator = {
    read: read,
    parseDate: parseDate,
    formatDate: formatDate,
    formatDay: formatDay,
    fromNumber: fromNumber,
    makeCalendar: makeCalendar,
    lastDay: lastDay,
    answer: answer
  };

  /* ---- the form ---- */

  if (typeof document === "undefined") {
    return;
  }

  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function start() {
    var form = document.getElementById("calculator");
    var source = document.getElementById("calculator-data");
    if (!form || !source) {
      return;
    }
    var data = read(source.textContent);
    var calendar = makeCalendar(data.years, data.free);
    var chosen = document.getElementById("calculator-limit");
    var date = document.getElementById("calculator-start");
    var base = document.getElementById("calculator-base");
    var error = document.getElementById("calculator-error");
    var result = document.getElementById("calculator-result");

    function limit() {
      return Object.prototype.hasOwnProperty.call(data.limits, chosen.value) ? data.limits[chosen.value] : null;
    }

    function complain(field, text) {
      [chosen, date].forEach(function (each) {
        each.removeAttribute("aria-invalid");
      });
      error.textContent = text;
      if (field) {
        field.setAttribute("aria-invalid", "true");
      }
    }

    function show(parts) {
      result.textContent = "";
      if (parts.length > 1) {
        result.appendChild(element("p", data.texts.several));
      }
      parts.forEach(function (rows) {
        var part = document.createElement("div");
        part.className = "calculator-way";
        rows.forEach(function (row, at) {
          var line = document.createElement("p");
          if (row[0]) {
            line.appendChild(document.createTextNode(row[0] + ": "));
          }
          line.appendChild(element(at === 0 ? "strong" : "span", row[1]));
          part.appendChild(line);
        });
        result.appendChild(part);
      });
      /* The place of a limit among the worked dates has the link to its rule. */
      var place = document.getElementById(chosen.value);
      var link = place && place.parentNode.querySelector("a");
      if (link) {
        var line = element("p", data.texts.rule + ": ");
        line.appendChild(link.cloneNode(true));
        result.appendChild(line);
      }
    }

    /* Nothing is complained about while the fields are being filled in, and the focus is moved only on request: a
       browser tells of the year 2, 20 and 202 while a year is being typed. */
    function count(asked) {
      var number = parseDate(date.value);
      base.textContent = limit() ? data.texts["counted from"] + ": " + limit().base : "";
      complain(null, "");
      if (limit() && number !== null && (asked || fromNumber(number).year >= FIRST_TYPED_YEAR)) {
        show(answer(data, limit(), number, calendar));
        return;
      }
      result.textContent = "";
      if (!asked) {
        return;
      }
      var empty = date.value === "" && !(date.validity && date.validity.badInput);
      var field = limit() ? date : chosen;
      complain(field, limit() ? (empty ? data.texts["no date"] : data.texts["bad date"]) : data.texts["no limit"]);
      field.focus();
    }

    /* `#work-trial/rehab-start` opens the calculator with the limit of that rule. */
    function follow() {
      var key = decodeURIComponent(global.location.hash.slice(1));
      if (Object.prototype.hasOwnProperty.call(data.limits, key)) {
        chosen.value = key;
        count(false);
        date.focus();
        form.scrollIntoView();
      }
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      count(true);
    });
    chosen.addEventListener("change", function () {
      count(false);
    });
    date.addEventListener("change", function () {
      count(false);
    });
    global.addEventListener("hashchange", follow);
    form.hidden = false;
    document.getElementById("calculator-without-scripts").hidden = true;
    if (document.readyState === "complete") {
      follow();
    } else {
      global.addEventListener("load", follow);
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})(typeof globalThis === "undefined" ? this : globalThis);
