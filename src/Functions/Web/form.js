// A form made from a spec's JSON schema and a spec to begin with: a field for each value, found again by its path when something is wrong with it.

import { code, el, newId, put } from './dom.js';
import { networkField } from './networks.js';
import { title } from './words.js';

// What is asked first; all else of its like after it.
const First = ['dataset', 'epochs', 'seed', 'repeat'];

export class SpecForm {
  #fields = new Map();
  #choices;
  #root;

  // choices: { datasets: [name], runs, weights } to choose from.
  constructor(schema, spec, choices) {
    this.#choices = choices;
    this.first = el('div', { class: 'fields' });
    this.networks = el('div', { class: 'fields' });
    this.others = el('div', {});
    const kind = schema.oneOf.find(one => one.properties.kind.const === spec.kind);
    this.#root = this.#members(kind, spec, '$', (member, element) => (element.tagName === 'DETAILS' ? this.others : this.first).append(element));
    const rank = element => (First.indexOf(element.dataset.member) + First.length + 1) % (First.length + 1);
    this.first.append(...[...this.first.children].toSorted((one, other) => rank(one) - rank(other)));
  }

  read() {
    return this.#root();
  }

  // Says at each field what is wrong with it. Returns what has no field of its own.
  show(errors) {
    for (const field of this.#fields.values()) {
      field.error.textContent = '';
      field.control.removeAttribute('aria-invalid');
    }

    return errors.filter(error => {
      const field = this.#fieldOf(error.path);
      if (field) {
        field.error.textContent = `${field.error.textContent} ${error.message}`.trim();
        field.control.setAttribute('aria-invalid', 'true');
      }

      return !field;
    });
  }

  go(path) {
    const control = this.#fieldOf(path)?.control;
    for (let parent = control?.closest('details'); parent; parent = parent.parentElement.closest('details')) {
      parent.open = true;
    }

    control?.focus();
  }

  // The field of the path, or of what it is part of, or the first of its parts.
  #fieldOf(path) {
    for (let at = path; at !== '$' && at !== ''; at = at.replace(/(\.[^.[]+|\[\d+\])$|^[^.[]*$/, '')) {
      if (this.#fields.has(at)) {
        return this.#fields.get(at);
      }
    }

    return [...this.#fields].find(([candidate]) => candidate.startsWith(`${path}.`) || candidate.startsWith(`${path}[`))?.[1];
  }

  // Fields for each member but the kind, each handed to `place`. Returns how to read them.
  #members(schema, value, path, place) {
    const required = new Set(schema.required ?? []);
    const readers = Object.entries(schema.properties).filter(([member]) => member !== 'kind')
      .map(([member, of]) => [member, this.#value(of, value?.[member], `${path}.${member}`, member, element => place(member, element), required.has(member))]);
    const kind = schema.properties.kind?.const;
    return () => Object.fromEntries([...(kind ? [['kind', kind]] : []), ...readers.map(([member, read]) => [member, read()])].filter(([, read]) => read !== undefined));
  }

  #value(schema, value, path, member, place, isRequired) {
    const types = [schema.type].flat();
    const isNetwork = schema.properties?.run && schema.properties?.weights;
    return isNetwork ? this.#network(schema, value, path, member, types.includes('null'))
      : schema.oneOf ? this.#kinds(schema, value, path, member, place)
      : schema.properties ? this.#group(schema, value, path, member, place, types.includes('null'))
      : types.includes('array') ? this.#list(schema, value, path, member, place)
      : path === '$.dataset' ? this.#choice(schema, value, path, member, place, this.#choices.datasets)
      : schema.enum ? this.#choice(schema, value, path, member, place, schema.enum.filter(name => name !== null), schema.enum.includes(null))
      : types.includes('boolean') ? this.#flag(schema, value, path, member, place, isRequired)
      : this.#text(schema, value, path, member, place, types);
  }

  #text(schema, value, path, member, place, types) {
    const isNumber = types.includes('integer') || types.includes('number');
    const input = el('input', { type: 'text', inputmode: isNumber ? 'decimal' : false, autocomplete: 'off', spellcheck: 'false', value: value ?? '' });
    place(this.#field(path, member, schema, input));
    return () => {
      const text = input.value.trim();
      // What is no number goes as it is: the API says at this field what it must be.
      return text === '' ? undefined : isNumber && Number.isFinite(Number(text)) && (!types.includes('integer') || Number.isSafeInteger(Number(text))) ? Number(text) : text;
    };
  }

  #flag(schema, value, path, member, place, isRequired) {
    const input = el('input', { type: 'checkbox', checked: value === true });
    place(this.#field(path, member, schema, input, 'flag'));
    return () => value === undefined && !input.checked && !isRequired ? undefined : input.checked;
  }

  #choice(schema, value, path, member, place, names, mayBeNone = false) {
    const isKnown = value !== undefined && value !== null && names.includes(value);
    const select = el('select', {}, (mayBeNone || !isKnown) && el('option', { value: '' }, mayBeNone ? 'none' : 'choose…'), names.map(one => el('option', { value: one, selected: one === value }, one)));
    place(this.#field(path, member, schema, select));
    return () => select.value === '' ? undefined : select.value;
  }

  // Networks stand together: they are what a preset leaves open.
  #network(schema, value, path, member, mayBeNone) {
    const field = networkField(newId('field'), value, mayBeNone, this.#choices);
    this.networks.append(this.#field(path, member, schema, field.element));
    return () => field.read();
  }

  // What may be left out is asked for by a check mark, which touching any of its members sets.
  #group(schema, value, path, member, place, mayBeNone) {
    const body = el('div', { class: 'fields' });
    const use = mayBeNone && el('input', { type: 'checkbox', checked: value !== undefined && value !== null, 'data-use': path });
    const read = this.#members(schema, value, path, (_, element) => body.append(element));
    place(el('details', { 'data-member': member }, el('summary', {}, title(member)), hint(schema), use && el('label', { class: 'flag' }, use, ' ask for it'), body));
    if (use) {
      body.addEventListener('input', () => use.checked = true);
    }

    return () => !use || use.checked ? read() : undefined;
  }

  // One of several kinds, each with members of its own.
  #kinds(schema, value, path, member, place) {
    const body = el('div', { class: 'fields' });
    const names = schema.oneOf.map(one => one.properties.kind.const);
    const select = el('select', { change: () => fill(undefined) }, names.map(one => el('option', { value: one, selected: one === value?.kind }, one)));
    const own = () => schema.oneOf.find(one => one.properties.kind.const === select.value);
    let read;
    const fill = members => {
      this.#forget(`${path}.`);
      put(body);
      const note = hint(own());
      body.append(...(note ? [note] : []));
      read = this.#members(own(), members, path, (_, element) => body.append(element));
    };
    const field = this.#field(`${path}.kind`, 'kind', {}, select);
    place(el('details', { 'data-member': member }, el('summary', {}, title(member)), hint(schema), field, body));
    fill(value);
    return () => read();
  }

  #list(schema, value, path, member, place) {
    const items = schema.items ?? {};
    if (!items.oneOf && !items.properties) {
      const input = el('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', value: (value ?? []).join(', ') });
      const note = items.enum ? `Some of: ${items.enum.join(', ')}.` : 'Separated by commas.';
      place(this.#field(path, member, { description: [schema.description, note].filter(Boolean).join(' ') }, input));
      const isText = items.enum || [items.type].flat().includes('string');
      const one = text => isText || !Number.isFinite(Number(text)) ? text : Number(text);
      return () => input.value.trim() === '' ? value === undefined ? undefined : [] : input.value.split(',').map(text => one(text.trim()));
    }

    // Items with members of their own: those there are, each to be changed or left out, and as many more as are wanted.
    const readers = [];
    const body = el('div', {});
    const add = item => {
      const use = el('input', { type: 'checkbox', checked: true });
      const one = `${path}[${readers.length}]`;
      const keep = element => {
        element.append(el('label', { class: 'flag' }, use, ' part of it'));
        body.append(element);
      };
      const read = items.oneOf ? this.#kinds(items, item, one, item?.kind ?? 'another', keep) : this.#group(items, item, one, `${member} ${readers.length + 1}`, keep, false);
      readers.push(() => use.checked ? read() : undefined);
    };
    (value ?? []).forEach(add);
    const more = el('button', {
      type: 'button',
      click: () => {
        add(undefined);
        body.lastElementChild.open = true;
        body.lastElementChild.querySelector('summary').focus();
      },
    }, 'Add one', el('span', { class: 'visually-hidden' }, ` to ${title(member)}`));
    place(el('details', { 'data-member': member }, el('summary', {}, title(member)), hint(schema), body, more));
    return () => value === undefined && readers.length === 0 ? undefined : readers.map(read => read()).filter(read => read !== undefined);
  }

  #field(path, member, schema, control, kind = '') {
    const id = control.id || newId('field');
    const error = el('p', { class: 'error', id: `${id}-error` });
    const note = hint(schema);
    note?.setAttribute('id', `${id}-hint`);
    control.id = id;
    control.setAttribute('aria-describedby', note ? `${id}-error ${id}-hint` : `${id}-error`);
    this.#fields.set(path, { control, error });
    const label = el('label', { for: id }, title(member), ' ', el('span', { class: 'path' }, code(path)));
    return el('div', { class: `field ${kind}`, 'data-member': member, 'data-path': path }, label, control, error, note);
  }

  // Of a kind that is no longer chosen.
  #forget(prefix) {
    for (const path of [...this.#fields.keys()].filter(candidate => candidate.startsWith(prefix) && candidate !== `${prefix}kind`)) {
      this.#fields.get(path).control.closest('.field').remove();
      this.#fields.delete(path);
    }
  }
}

const hint = schema => schema.description ? el('p', { class: 'hint' }, schema.description) : null;
