// Reads a capture file beside the page: counts by process, and the text of its first packets. Of the file a window is in memory, of
// what it says no more than is shown: a file of any size can be dropped.

import { chooseFields, openSavefile, openText, Summary, visible } from '../../dist/browser/index.js';

/** Packets whose text is shown, processes that are counted, and those of them that are shown. */
const TEXTS = 200;
const PROCESSES = 10_000;
const ROWS = 100;
/** Milliseconds between two reports. */
const REPORT = 250;

const encoded = new TextDecoder();

async function read({ file, filter }) {
  const summary = new Summary(chooseFields('process.name,process.pid'), { groups: PROCESSES });
  let packets = 0;
  let bytes = 0;
  let text = '';
  let reported = 0;
  const output = await openText({ metadata: 'INPSDCF' }, (part) => {
    text += encoded.decode(part, { stream: true });
  });
  const report = (ended, error = null) => {
    const groups = summary.sorted();
    const processes = groups.slice(0, ROWS).map((group) => {
      const [name, pid] = group.values;
      const { packets, bytes, bytesIn, bytesOut, flows } = group;
      const shown = group.others ? 'all others' : name === null ? 'unknown' : visible(name);
      return [shown, pid ?? '', packets, bytes, bytesIn, bytesOut, flows];
    });
    const more = groups.length > ROWS ? [`${groups.length - ROWS} processes more`] : [];
    postMessage({ packets, bytes, processes, text, ended, error, limits: [...more, ...summary.limits()] });
    text = '';
    reported = performance.now();
  };
  try {
    const source = await openSavefile(file, { metadataFilter: filter.trim() === '' ? null : filter });
    await source.run((packet) => {
      packets++;
      bytes += packet.length;
      summary.packet(packet);
      if (packets <= TEXTS) output.packet(packet);
      if (packets === TEXTS) output.flush();
      if (packets % 1024 === 0 && performance.now() > reported + REPORT) report(false);
      return true;
    });
    source.close();
    output.close();
    report(true);
  } catch (error) {
    output.close();
    report(true, error.message);
  }
}

addEventListener('message', ({ data }) => read(data));
