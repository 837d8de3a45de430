// The live board: the server sends the boards anew whenever they change; nothing is asked for.
"use strict";
(() => {
  const boards = document.getElementById("boards");
  const connection = document.getElementById("connection");
  const events = new EventSource("/board/events");
  events.addEventListener("board", (event) => {
    connection.hidden = true;
    // Drawn and escaped by this server's own template.
    boards.innerHTML = event.data;
    boards.dataset.version = event.lastEventId;
  });
  events.addEventListener("open", () => { connection.hidden = true; });
  events.addEventListener("error", () => {
    connection.hidden = false;
    // A refusal (signed out, server of another version) ends the stream for good: ask anew.
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(() => location.reload(), 10000);
    }
  });
})();
