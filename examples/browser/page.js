// A page for capture files: a worker reads the dropped file, the page shows what it says. All of it goes in as text, never as HTML.

const at = (id) => document.getElementById(id);
let worker = null;
let file = null;

/** Reads the file, from its beginning; what was being read is left. */
function read() {
  if (file === null) return;
  worker?.terminate();
  worker = new Worker('worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => show(data);
  at('packets').textContent = '';
  worker.postMessage({ file, filter: at('filter').value });
}

function show({ packets, bytes, processes, text, ended, error, limits }) {
  const done = file.size === 0 ? '' : ` of ${file.name}, ${file.size} bytes`;
  const state = error ?? (ended ? 'read to its end' : 'reading');
  at('says').textContent = [`${packets} packets, ${bytes} bytes${done}: ${state}`, ...limits].join('. ');
  at('says').dataset.ended = ended;
  at('processes').replaceChildren(
    ...processes.map((cells) => {
      const row = document.createElement('tr');
      for (const cell of cells) row.insertCell().textContent = cell;
      return row;
    }),
  );
  if (text !== '') at('packets').append(text);
}

function take(chosen) {
  if (chosen === undefined) return;
  file = chosen;
  read();
}

at('file').onchange = () => take(at('file').files[0]);
at('filter').onchange = read;
document.ondragover = (event) => {
  event.preventDefault();
  document.body.classList.add('over');
};
document.ondragleave = () => document.body.classList.remove('over');
document.ondrop = (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  take(event.dataTransfer.files[0]);
};
