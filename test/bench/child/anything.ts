/**
 * Stands for any part of an API that a measurement does not look at: it can be read, called, constructed and extended,
 * and everything in it is of the same kind.
 */
export function anything(): object {
  const parts = new Map<PropertyKey, unknown>();
  return new Proxy(function () {}, {
    get(target, name) {
      // A promise would wait for whatever has a `then`.
      if (name === 'then') return undefined;
      if (name === Symbol.toPrimitive) return () => '';
      if (name === Symbol.iterator) return () => [][Symbol.iterator]();
      if (name === 'prototype') return Reflect.get(target, name);
      if (!parts.has(name)) parts.set(name, anything());
      return parts.get(name);
    },
    set(_target, name, value) {
      parts.set(name, value);
      return true;
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

/** An object whose missing parts are {@link anything}. */
export function withAnything<T extends object>(known: T): T {
  const rest = anything();
  return new Proxy(known, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : Reflect.get(rest, name)),
  });
}
