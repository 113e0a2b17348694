// The page: what comes from its feed is put into the document as text, never as HTML.

import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Frame } from '../src/view/messages.js';
import { Chart, layersOf, snapped } from './chart.js';
import { type Events, FileFeed, ServerFeed } from './feed.js';
import * as format from './format.js';
import { follow, packetsView, watch } from './packets.js';
import { forget, type Stretch, state, TABS, type Tab } from './state.js';
import { stretchView, tableView } from './tables.js';

const TITLES: Readonly<Record<Tab, string>> = {
  processes: 'Processes',
  flows: 'Flows',
  hosts: 'Hosts',
  drops: 'Drops',
  packets: 'Packets',
};

const KEYS = [
  ['1 – 5', 'processes, flows, hosts, drops, packets'],
  ['/', 'filter the packets'],
  ['p', 'pause, and go on'],
  ['↑ ↓ Enter', 'along the rows, and into one'],
  ['← →', 'on the plot: pick a stretch; with Shift its end'],
  ['z', 'zoom into the stretch, and out'],
  ['Esc', 'back'],
  ['?', 'these keys'],
] as const;

const root = document.getElementById('page')!;
let chart: Chart | null = null;

/** The token of the address, which is then taken from it: it would stay in the history. */
function takeToken(): string {
  const given = location.hash.slice(1);
  if (given !== '') {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token') ?? '';
}

function events(): Events {
  const mine = { file: state.file };
  const current = (): boolean => mine.file === state.file;
  return {
    frame: (frame) => {
      if (!current() || state.paused) return;
      state.frame = frame;
      if (state.stretch !== null) state.stretch = snapped(state.stretch, frame.timeline);
      changed();
      void follow(frame, changed);
    },
    trouble: (text) => {
      if (!current() || state.trouble === text) return;
      state.trouble = text;
      changed();
    },
  };
}

function pick(stretch: Stretch | null): void {
  const { frame } = state;
  state.stretch = stretch === null || frame === null ? null : snapped(stretch, frame.timeline);
  if (stretch === null) state.zoom = null;
  changed();
}

function zoom(): void {
  state.zoom = state.zoom === null ? state.stretch : null;
  changed();
}

/** Shows a file in place of what the server has. */
function openFile(file: File): void {
  if (state.file !== null) state.feed?.close();
  forget();
  state.file = file.name;
  state.feed = new FileFeed(file, events());
  changed();
}

function closeFile(): void {
  state.feed?.close();
  forget();
  state.file = null;
  state.server?.close();
  state.server = new ServerFeed(takeToken(), events());
  state.feed = state.server;
  changed();
}

async function record(on: boolean): Promise<void> {
  try {
    await state.feed?.record(on);
  } catch (error) {
    state.says = (error as Error).message;
    changed();
  }
}

async function download(): Promise<void> {
  try {
    const blob = await state.feed!.recording();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = 'recording.pcapng';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    state.says = (error as Error).message;
    changed();
  }
}

function recordingView({ recording, records }: Frame): TemplateResult | typeof nothing {
  if (!records && recording === null) return nothing;
  const goes = recording?.state === 'recording';
  const size =
    recording === null ? '' : `${format.whole(recording.packets)} packets, ${format.bytes(recording.bytes)}`;
  return html`<span class="recording">
    ${
      goes
        ? html`<button id="stop" @click=${() => void record(false)}>■ Stop recording</button>`
        : html`<button id="record" ?disabled=${!records} @click=${() => void record(true)}>● Record</button>`
    }
    ${recording?.state === 'done' ? html`<button id="download" @click=${() => void download()}>Download</button>` : nothing}
    <small id="recorded">${size}${recording?.error === null || recording === null ? '' : `: ${recording.error}`}</small>
  </span>`;
}

function pause(): void {
  state.paused = !state.paused;
  changed();
}

function headView(frame: Frame | null): TemplateResult {
  const choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file !== undefined) openFile(file);
    input.value = '';
  };
  const word =
    frame === null
      ? 'waiting'
      : frame.live
        ? frame.ended
          ? 'ended'
          : 'live'
        : frame.ended
          ? 'read'
          : 'reading';
  return html`<header class="head">
    <h1>pktap</h1>
    <span id="state" class="pill ${state.paused ? 'paused' : word}" role="status">${state.paused ? 'paused' : word}</span>
    <span id="source">${frame?.source ?? state.file ?? ''}</span>
    <span class="grow"></span>
    ${frame === null ? nothing : recordingView(frame)}
    ${frame?.live === true ? html`<button id="pause" aria-pressed=${state.paused} @click=${pause}>Pause</button>` : nothing}
    <label class="button">Open a file<input type="file" id="file" @change=${choose}></label>
    ${state.file === null ? nothing : html`<button id="closefile" @click=${closeFile}>Close the file</button>`}
    <button aria-label="Keys" @click=${help}>?</button>
  </header>`;
}

function help(): void {
  state.helps = !state.helps;
  changed();
}

function totalsView({ total }: Frame): TemplateResult {
  const cells = [
    ['In', `${format.bytes(total.rateIn)}/s`, format.whole(total.bytesIn)],
    ['Out', `${format.bytes(total.rateOut)}/s`, format.whole(total.bytesOut)],
    ['Packets', format.whole(total.packets), ''],
    ['Retransmissions', format.whole(total.retransmissions), ''],
    ['Resets', format.whole(total.resets), ''],
    ['Flows', format.whole(total.flows), ''],
  ] as const;
  return html`<dl class="totals">
    ${cells.map(
      ([name, value, more]) =>
        html`<div><dt>${name}</dt><dd data-total=${name}>${value}</dd>${more === '' ? nothing : html`<dd class="more" data-bytes=${name}>${more} bytes</dd>`}</div>`,
    )}
  </dl>`;
}

function legendView(frame: Frame): TemplateResult {
  return html`<ul class="legend">
    ${layersOf(frame.timeline).map(
      ({ name, colour }) => html`<li><i class=${colour < 0 ? 'rest' : `c${colour}`}></i>${name}</li>`,
    )}
  </ul>`;
}

function stretchBar(frame: Frame): TemplateResult {
  const { stretch } = state;
  if (stretch === null)
    return html`<p class="hint">Drag over the plot, or use its arrow keys, to pick a stretch of time.</p>`;
  const { from, to } = stretch;
  const digits = to - from < 10 ? 3 : 0;
  const list = (): void => {
    state.tab = 'packets';
    void watch({ from, to }, changed);
  };
  return html`<div class="stretch">
    <p class="hint">
      <b>${format.time(from, digits)} – ${format.time(to, digits)}</b>
      <button id="zoom" @click=${zoom}>${state.zoom === null ? 'Zoom' : 'Zoom out'}</button>
      <button id="list" @click=${list}>Its packets</button>
      <button id="clear" @click=${() => pick(null)}>Clear</button>
    </p>
    ${stretchView(frame.timeline, stretch)}
  </div>`;
}

function tabsView(): TemplateResult {
  return html`<nav role="tablist" aria-label="Views">
    ${TABS.map(
      (tab, i) =>
        html`<button role="tab" id="tab-${tab}" aria-selected=${tab === state.tab} @click=${() => go(tab)}>
          ${TITLES[tab]} <kbd>${i + 1}</kbd>
        </button>`,
    )}
  </nav>`;
}

function go(tab: Tab): void {
  state.tab = tab;
  changed();
  if (state.frame !== null) void follow(state.frame, changed);
}

function messagesView(frame: Frame | null): TemplateResult {
  const lines = [state.trouble, frame?.error ?? null, state.says, ...(frame?.notes ?? [])].filter(
    (one) => one !== null,
  );
  return html`<div id="messages" role="status">${lines.map((one) => html`<p>${one}</p>`)}</div>`;
}

function helpView(): TemplateResult | typeof nothing {
  if (!state.helps) return nothing;
  return html`<section class="help" id="help" aria-label="Keys">
    <dl>${KEYS.map(([key, does]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
    <p>Drop a capture file on the page: it is read in your browser, and sent nowhere.</p>
  </section>`;
}

function pageView(): TemplateResult {
  const { frame, tab } = state;
  return html`
    ${headView(frame)} ${messagesView(frame)} ${helpView()}
    ${frame === null ? nothing : totalsView(frame)}
    <section class="plot" ?hidden=${frame === null}>
      <div id="chart" tabindex="0" role="img" aria-label="Throughput over time by program"></div>
      ${frame === null ? nothing : html`${legendView(frame)} ${stretchBar(frame)}`}
    </section>
    ${
      frame === null
        ? nothing
        : html`${tabsView()}
          <main role="tabpanel" aria-labelledby="tab-${tab}">
            ${tab === 'packets' ? packetsView(frame, changed) : tableView(tab, frame, changed)}
          </main>`
    }
  `;
}

/** Shows the state as it is now. */
function changed(): void {
  root.querySelector('.wait')?.remove();
  render(pageView(), root);
  const { frame } = state;
  if (frame === null) return;
  chart ??= new Chart(document.getElementById('chart')!, pick);
  chart.show(frame.timeline, frame.live && !frame.ended);
}

/** Moves along the rows of a table. */
function moveRow(from: Element, by: number): boolean {
  const row = from.closest('tbody tr');
  const next = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  if (!(next instanceof HTMLElement)) return row !== null;
  next.focus();
  return true;
}

function back(): void {
  if (state.helps) state.helps = false;
  else if (state.detail !== null) {
    state.detail = null;
    state.selected = null;
  } else if (state.stretch !== null) {
    state.stretch = null;
    state.zoom = null;
  } else state.owner = null;
  changed();
}

document.addEventListener('keydown', (event) => {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (key === 'Escape') {
    if (target instanceof HTMLInputElement) target.blur();
    else back();
    return;
  }
  if (target instanceof HTMLInputElement || state.frame === null) return;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    if (moveRow(target, key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
    else if (key === 'ArrowDown' && target === document.body) {
      document.querySelector<HTMLElement>('main tbody tr')?.focus();
      event.preventDefault();
    }
    return;
  }
  const tab = TABS[Number(key) - 1];
  if (tab !== undefined) go(tab);
  else if (key === 'p') pause();
  else if (key === 'z') zoom();
  else if (key === '?') help();
  else if (key === '/') {
    event.preventDefault();
    go('packets');
    document.getElementById('metadata')?.focus();
  }
});

document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('over');
});
document.addEventListener('dragleave', () => document.body.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  const [file] = event.dataTransfer?.files ?? [];
  if (file !== undefined) openFile(file);
});

state.server = new ServerFeed(takeToken(), events());
state.feed = state.server;
changed();
