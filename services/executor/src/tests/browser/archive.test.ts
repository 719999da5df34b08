import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createMask } from '../mask.js';
import { changeEntries } from './archive.js';
import { type Attached, finishReport, sumOf } from './report.js';

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
const same = (_: string, content: Uint8Array) => content;

describe('an archive', () => {
  it('is the same with other content', async () => {
    const large = Buffer.alloc(600_000, 'large ');
    const archive = zipSync({ 'a.txt': Buffer.from('small'), 'b/c.bin': large });
    const changed = await changeEntries(archive, (name, content) =>
      name === 'a.txt' ? Buffer.from('SMALL') : content,
    );
    const found = unzipSync(changed);
    expect(Object.keys(found)).toEqual(['a.txt', 'b/c.bin']);
    expect(text(found['a.txt'])).toBe('SMALL');
    expect(large.equals(Buffer.from(found['b/c.bin'] ?? []))).toBe(true);
  });

  it('that is none is refused', async () => {
    await expect(changeEntries(Buffer.from('not an archive'), same)).rejects.toThrow('invalid zip');
  });

  it('with thousands of entries is refused', async () => {
    const entries = Object.fromEntries(Array.from({ length: 5_001 }, (_, n) => [`${n}`, new Uint8Array(1)]));
    await expect(changeEntries(zipSync(entries), same)).rejects.toThrow('holds more');
  });

  it('with more inside than may be looked at is refused', async () => {
    const archive = zipSync(
      {
        a: new Uint8Array(70 * 1024 * 1024),
        b: new Uint8Array(70 * 1024 * 1024),
        c: new Uint8Array(70 * 1024 * 1024),
      },
      { level: 1 },
    );
    expect(archive.length).toBeLessThan(20 * 1024 * 1024);
    await expect(changeEntries(archive, same)).rejects.toThrow('holds more');
  });
});

describe('a report', () => {
  const picture = Buffer.from('a picture');
  const trace = Buffer.from('a trace');
  const attached = new Map<string, Attached>([
    [sumOf(picture), { name: 'shot.png', inline: { contentType: 'image/png', bytes: picture } }],
    [sumOf(trace), { name: 'trace-2.zip' }],
  ]);
  const reportOf = (data: object) =>
    Buffer.from(
      `<html>hunter22<template id="playwrightReportBase64">data:application/zip;base64,${Buffer.from(
        zipSync({ 'report.json': Buffer.from(JSON.stringify(data)) }),
      ).toString('base64')}</template></html>`,
    );
  const dataOf = (html: Buffer) => {
    const [, data = ''] = /base64,([^<]*)</.exec(html.toString()) ?? [];
    return JSON.parse(text(unzipSync(Buffer.from(data, 'base64'))['report.json'])) as unknown;
  };

  it('holds its pictures, names the other artifacts, and no secrets', async () => {
    const before = reportOf({
      title: 'asks for hunter22',
      attachments: [
        { name: 'screenshot', path: `data/${sumOf(picture)}.png` },
        { name: 'trace', path: `data/${sumOf(trace)}.zip` },
        { name: 'gone', path: 'data/0000000000000000000000000000000000000000.txt' },
      ],
    });
    const after = await finishReport(before, createMask(['hunter22']), attached);
    expect(after.toString()).toMatch(/^<html>\*{8}<template .*<\/template><\/html>$/);
    expect(dataOf(after)).toEqual({
      title: 'asks for ********',
      attachments: [
        { name: 'screenshot', path: `data:image/png;base64,${picture.toString('base64')}` },
        { name: 'trace.zip', path: '../trace-2.zip' },
        { name: 'gone', path: 'data/0000000000000000000000000000000000000000.txt' },
      ],
    });
  });

  it('without data is refused', async () => {
    await expect(finishReport(Buffer.from('<html></html>'), createMask([]), attached)).rejects.toThrow(
      'no data',
    );
  });
});
