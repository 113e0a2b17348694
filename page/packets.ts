// The list of packets, its filters, and one packet with its text and bytes.

import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Frame, PacketDetail, PacketLine, Watch } from '../src/view/messages.js';
import * as format from './format.js';
import { state } from './state.js';

/** Lines that are asked for at once, and that are kept. */
const LINES = 200;
const MOST = 1000;

/** Whether an answer is being waited for. */
let waiting = false;

/** Brings the list up to date with a frame. */
export async function follow({ packets }: Frame, changed: () => void): Promise<void> {
  const { feed } = state;
  if (feed === null || waiting || state.tab !== 'packets' || state.paused) return;
  const isNew = packets.edition !== state.edition;
  const last = isNew ? 0 : (state.lines.at(-1)?.number ?? 0);
  if (isNew && packets.kept === 0) {
    state.lines = [];
    state.edition = packets.edition;
    changed();
    return;
  }
  if (!isNew && (packets.last <= last || !state.follows)) return;
  waiting = true;
  try {
    const { edition, lines } = await feed.packets({ after: last, most: LINES });
    if (feed !== state.feed) return;
    state.lines = edition === state.edition ? [...state.lines, ...lines].slice(-MOST) : [...lines];
    state.edition = edition;
    changed();
  } catch (error) {
    state.says = (error as Error).message;
  } finally {
    waiting = false;
  }
}

/** Fetches the lines before those that are shown. */
async function earlier(changed: () => void): Promise<void> {
  const { feed } = state;
  const [first] = state.lines;
  if (feed === null || first === undefined) return;
  const { edition, lines } = await feed.packets({ before: first.number, most: LINES });
  if (feed !== state.feed || edition !== state.edition) return;
  state.follows = false;
  state.lines = [...lines, ...state.lines].slice(0, MOST);
  changed();
}

export async function watch(change: Partial<Watch>, changed: () => void): Promise<void> {
  const { feed, frame } = state;
  if (feed === null || frame === null) return;
  const { metadata, expression } = state.filter;
  const { from, to } = frame.packets.watch;
  try {
    await feed.watch({ metadata, expression, from, to, ...change });
    state.filterError = null;
    state.detail = null;
    state.selected = null;
    state.follows = true;
  } catch (error) {
    state.filterError = (error as Error).message;
  }
  changed();
}

export async function open(number: number, changed: () => void): Promise<void> {
  const { feed } = state;
  if (feed === null) return;
  state.selected = number;
  changed();
  try {
    const detail = await feed.packet(number);
    if (state.selected !== number) return;
    state.detail = detail;
    state.says = detail === null ? `Packet ${number} is not kept any more.` : null;
  } catch (error) {
    state.says = (error as Error).message;
  }
  changed();
}

function filters({ packets }: Frame, changed: () => void): TemplateResult {
  const submit = (event: Event): void => {
    event.preventDefault();
    void watch({}, changed);
  };
  const type = (name: 'metadata' | 'expression') => (event: Event) => {
    state.filter[name] = (event.target as HTMLInputElement).value;
  };
  const { from, to } = packets.watch;
  return html`<form class="filters" @submit=${submit}>
    <label>
      <span>-Q</span>
      <input id="metadata" .value=${state.filter.metadata} @input=${type('metadata')} placeholder="proc = curl and tcp.dstport = 443"
        autocomplete="off" autocapitalize="off" spellcheck="false" aria-label="Metadata filter (-Q)">
    </label>
    ${
      packets.takesExpression
        ? html`<label>
          <span>Packet filter</span>
          <input id="expression" .value=${state.filter.expression} @input=${type('expression')} placeholder="tcp port 443 and host 192.0.2.1"
            autocomplete="off" autocapitalize="off" spellcheck="false" aria-label="Packet filter (pcap-filter)">
        </label>`
        : nothing
    }
    <button type="submit">Filter</button>
    ${
      from === null && to === null
        ? nothing
        : html`<button type="button" @click=${() => void watch({ from: null, to: null }, changed)}>
          ${format.time(from ?? 0, 1)}–${format.time(to ?? 0, 1)} ✕
        </button>`
    }
    ${state.filterError === null ? nothing : html`<output class="error" id="filtererror">${state.filterError}</output>`}
  </form>`;
}

function line(one: PacketLine, changed: () => void): TemplateResult {
  const act = (event: Event): void => {
    if (event instanceof KeyboardEvent && event.key !== 'Enter') return;
    void open(one.number, changed);
  };
  const who = one.process === null ? '' : `${one.process}:${one.pid}`;
  return html`<tr tabindex="0" class="opens" aria-selected=${one.number === state.selected} data-number=${one.number} @click=${act} @keydown=${act}>
    <td class="number wide">${one.number}</td>
    <td>${format.time(one.time, 6)}</td>
    <td>${who}</td>
    <td class="wide">${one.interface ?? ''}</td>
    <td class="wide">${one.direction}</td>
    <td class="number wide">${one.length}</td>
    <td class="text">${one.text}</td>
  </tr>`;
}

function detailView({ number, facts, text, bytes }: PacketDetail, changed: () => void): TemplateResult {
  const close = (): void => {
    state.detail = null;
    state.selected = null;
    changed();
  };
  return html`<section id="detail" aria-label="Packet ${number}">
    <header><h2>Packet ${format.whole(number)}</h2><button @click=${close}>Close</button></header>
    <dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <pre id="text">${text}</pre>
    <pre id="bytes">${bytes}</pre>
  </section>`;
}

export function packetsView(frame: Frame, changed: () => void): TemplateResult {
  const { lines, detail } = state;
  const { packets, live } = frame;
  const follows = (event: Event): void => {
    state.follows = (event.target as HTMLInputElement).checked;
    changed();
  };
  const more = packets.matched - packets.kept;
  const hasEarlier = lines.length > 0 && packets.first < lines[0]!.number;
  return html`
    ${filters(frame, changed)}
    <p class="hint">
      <span id="matched">${format.whole(packets.matched)} packets</span>${
        more > 0 ? `, ${format.whole(packets.kept)} of them kept: the ${live ? 'last' : 'first'}` : ''
      }.
      ${live ? html`<label><input type="checkbox" id="follows" .checked=${state.follows} @change=${follows}> newest</label>` : nothing}
      ${hasEarlier ? html`<button @click=${() => void earlier(changed)}>Earlier</button>` : nothing}
    </p>
    ${detail === null ? nothing : detailView(detail, changed)}
    <div class="scroll" id="packets">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number wide">No.</th><th scope="col">Time</th><th scope="col">Process</th>
            <th scope="col" class="wide">Interface</th><th scope="col" class="wide">Dir.</th>
            <th scope="col" class="number wide">Length</th><th scope="col">Packet</th>
          </tr>
        </thead>
        <tbody>${repeat(
          live ? [...lines].reverse() : lines,
          ({ number }) => number,
          (one) => line(one, changed),
        )}</tbody>
      </table>
    </div>
  `;
}
