// What the drawn calls stand on.
'use strict';

class Resource {
  constructor(caller) {
    Object.defineProperty(this, '_caller', { value: caller });
  }

  /** A value as one part of a path; an empty one would name another path. */
  _part(value) {
    if (value === undefined || value === null || value === '') throw new TypeError('an id is needed');
    return encodeURIComponent(String(value));
  }
}

/** One page of a list; `for await` goes on to the pages that follow, one request each. */
class Page {
  constructor(caller, path, fields, answer) {
    Object.defineProperty(this, '_next', {
      value: (cursor) => {
        const { offset: _offset, ...rest } = fields;
        return caller.pages(path, { ...rest, cursor });
      },
    });
    this.answer = answer;
    this.data = answer.data;
    this.total = answer.total ?? null;
    this.nextCursor = answer.next_cursor ?? null;
  }

  /** The page after this one, null after the last. */
  async nextPage() {
    return this.nextCursor === null ? null : this._next(this.nextCursor);
  }

  async *[Symbol.asyncIterator]() {
    for (let page = this; page !== null; page = await page.nextPage()) yield* page.data;
  }
}

module.exports = { Resource, Page };
