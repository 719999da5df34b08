import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonTemplate } from './json-template.js';
import { escapeHtml, escapeJson, escapeNothing, renderTemplate } from './template.js';
import { NUMERIC_VARIABLES, VARIABLE_NAMES } from './variables.js';

describe('templates', () => {
  it.each([
    ['{{name}}', 'shop'],
    ['a {{ name }} b {{\tname}}', 'a shop b shop'],
    ['{{name}}{{name}}', 'shopshop'],
    ['{{nmae}}', '{{nmae}}'],
    ['{{}} {{ }} {name} {{na me}}', '{{}} {{ }} {name} {{na me}}'],
    ['{{constructor}} {{__proto__}} {{toString}}', '{{constructor}} {{__proto__}} {{toString}}'],
    ['{{empty}}.', '.'],
  ])('%s renders as %s', (template, expected) => {
    expect(renderTemplate(template, { name: 'shop', empty: '' }, escapeNothing)).toBe(expected);
  });

  // SEC9: what other engines would run is text here.
  it.each([
    '{{7*7}}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: other engines' syntax is the point
    '${7*7}',
    '#{7*7}',
    '<%= 7*7 %>',
    '{{constructor.constructor("return process")()}}',
    '{{this.constructor}}',
    '{{#with "s" as |string|}}{{string.sub.apply 0 codelist}}{{/with}}',
    '{% include "/etc/passwd" %}',
    '{{ "/etc/passwd" | file_read }}',
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    '{{name.length}}',
    '{{{name.length}}}',
    '{{#each name}}x{{/each}}',
    '{{> partial}}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: other engines' syntax is the point
    '[[${T(java.lang.Runtime).getRuntime().exec("id")}]]',
    "$(id) `id` $'\\u0041' $& $1 $$",
  ])('%s renders literally, as a template and as a value', (text) => {
    expect(renderTemplate(text, { name: 'shop' }, escapeNothing)).toBe(text);
    expect(renderTemplate('{{name}}', { name: text }, escapeNothing)).toBe(text);
  });

  it('never reads a value as a template', () => {
    expect(renderTemplate('{{a}}', { a: '{{b}}', b: 'secret' }, escapeNothing)).toBe('{{b}}');
  });

  it('leaves no HTML of a value alive', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const html = renderTemplate('{{v}}', { v: value }, escapeHtml);
        expect(html).not.toMatch(/[<>"']/);
        expect(html.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });
});

describe('JSON templates', () => {
  it.each([
    ['{"a":"{{title}}"}', true],
    ['{"{{title}}": [1, "x {{message}} y"]}', true],
    ['{"ms": {{responseTime}}}', true],
    ['"plain"', true],
    ['{"a": "{{unknown}}"}', true],
    ['{"a": {{title}}}', false],
    ['{"a": "{{title}}",}', false],
    ['{"a": "\\{{title}}"}', false],
    ['{{title}}', false],
    ['not json', false],
    ['{"a": {{unknown}}}', false],
  ])('%s: %s', (template, expected) => {
    expect(isJsonTemplate(template)).toBe(expected);
  });

  it('one that was accepted gives JSON with the values in place, whatever they are', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(texts, fc.nat(), fc.constantFrom(...VARIABLE_NAMES), (text, number, name) => {
        const value = NUMERIC_VARIABLES.includes(name) ? String(number) : text;
        const body = renderTemplate(`{"a":"<{{${name}}}>"}`, { [name]: value }, escapeJson);
        expect(JSON.parse(body)).toEqual({ a: `<${value.toWellFormed()}>` });
      }),
    );
  });
});
