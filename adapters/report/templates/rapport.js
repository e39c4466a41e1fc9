// Search and sorting, for pages opened from a disk: no network, no module. Without this script the lists do the same work.
(function () {
  "use strict";
  var MOST = 20;

  function folded(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  }

  // Search. The index comes with the first use of the box: { d: [[code, name, page]…], f: "number\tdebtor\tpage\n…" }.
  var form = document.getElementById("trouver");
  if (form) {
    var box = form.querySelector("input"), list = form.querySelector("ul"), told = form.querySelector("[role=status]");
    var debtors = null, invoices = null, asked = false, waiting = null;
    form.hidden = false;

    window.relanceIndex = function (index) {
      debtors = index.d.map(function (each) { return { words: folded(each[0] + " " + each[1]), code: each[0], name: each[1], page: each[2] }; });
      invoices = index.f ? index.f.split("\n").map(function (line) {
        var cells = line.split("\t");
        return { number: cells[0], key: folded(cells[0]), debtor: +cells[1], page: cells[2] };
      }) : [];
      if (waiting) { waiting(); waiting = null; }
    };
    var load = function () {
      if (asked) { return; }
      asked = true;
      var script = document.createElement("script");
      script.src = "recherche.js";
      script.onerror = function () { told.textContent = "L’index de recherche manque : les listes permettent de trouver une facture."; };
      document.head.appendChild(script);
    };
    var rank = function (key, query) {
      return key === query ? 0 : key.indexOf(query) === 0 ? 1 : 2;
    };
    var found = function (query) {
      var words = query.split(/\s+/), results = [], total = 0, ranked = [[], [], []];
      debtors.forEach(function (each) {
        if (words.every(function (word) { return each.words.indexOf(word) >= 0; })) {
          total += 1;
          if (results.length < MOST / 2) {
            results.push({ page: "debiteurs/" + each.page, label: each.name, small: "débiteur " + each.code });
          }
        }
      });
      invoices.forEach(function (each) {
        if (each.key.indexOf(query) >= 0) {
          total += 1;
          ranked[rank(each.key, query)].push(each);
        }
      });
      var numbers = ranked[0].concat(ranked[1], ranked[2]).slice(0, MOST).map(function (each) {
        return { page: "factures/" + each.page, label: "Facture n° " + each.number, small: debtors[each.debtor].name };
      });
      results = ranked[0].length ? numbers.concat(results) : results.concat(numbers);
      return { results: results.slice(0, MOST), total: total };
    };
    var show = function () {
      var query = folded(box.value);
      list.textContent = "";
      if (query.length < 2) { told.textContent = ""; return; }
      if (!debtors) { waiting = show; load(); told.textContent = "Lecture de l’index…"; return; }
      var answer = found(query);
      answer.results.forEach(function (each) {
        var item = document.createElement("li"), link = document.createElement("a"), label = document.createElement("bdi"),
          small = document.createElement("small"), whose = document.createElement("bdi");
        link.href = each.page;
        label.textContent = each.label;
        whose.textContent = each.small;
        small.append(" – ", whose);
        link.append(label, small);
        item.append(link);
        list.append(item);
      });
      var more = answer.total - answer.results.length;
      told.textContent = answer.total === 0 ? "Aucun résultat." :
        answer.total + (answer.total > 1 ? " résultats" : " résultat") + (more > 0 ? ", dont " + more + " non affichés : précisez la recherche." : ".");
    };
    box.addEventListener("focus", load);
    box.addEventListener("input", show);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var go = function () { show(); var first = list.querySelector("a"); if (first) { first.click(); } };
      if (debtors) { go(); } else { waiting = go; load(); }
    });
    if (location.hash === "#recherche") { box.focus(); }
    window.addEventListener("hashchange", function () { if (location.hash === "#recherche") { box.focus(); } });
  }

  // Sorting of whole tables: each head becomes a button; cells that are no text carry their key in data-k.
  function key(cell) {
    return cell.hasAttribute("data-k") ? Number(cell.getAttribute("data-k")) : folded(cell.textContent);
  }
  document.querySelectorAll("table[data-tri]").forEach(function (table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells), body = table.tBodies[0];
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.map.call(body.rows, function (row) { return [key(row.cells[column]), row]; });
        rows.sort(function (a, b) {
          var order = typeof a[0] === "number" ? a[0] - b[0] : a[0].localeCompare(b[0], "fr", { numeric: true });
          return down ? -order : order;
        });
        rows.forEach(function (each) { body.append(each[1]); });
      });
    });
  });
}());
