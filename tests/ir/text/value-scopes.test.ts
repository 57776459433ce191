import fc from "fast-check";
import { expect, test } from "vitest";
import type { ValueId } from "../../../src/ir/module.ts";
import { codeUnitsOf } from "../../../src/ir/text/characters.ts";
import { keyOfCodes, keyOfName, ValueScopes } from "../../../src/ir/text/value-scopes.ts";
import { i32 } from "../../../src/ir/types.ts";

const id = (value: number): ValueId => value as ValueId;

test("short decimal numbers without zeros before them are numbers, all other names are text", () => {
  const names = fc.oneof(
    fc.nat(20_000_000).map((number) => `%${number}`),
    fc.stringMatching(/^%[0-9]{1,12}$/),
    fc.stringMatching(/^%[a-z0-9_$.-]{1,10}(#[0-9]{1,3})?$/),
  );
  fc.assert(
    fc.property(names, (name) => {
      const key = /^%(0|[1-9][0-9]{0,6})$/.test(name) ? Number(name.slice(1)) : name;
      expect(keyOfName(name)).toBe(key);
      expect(keyOfCodes(` ${name} `, codeUnitsOf(` ${name} `), 1, name.length + 1)).toBe(key);
    }),
  );
});

test.each([7, 5_000_000, "%name"])(
  "%s: a name ends with its region, and means another value in an isolated one",
  (key) => {
    const scopes = new ValueScopes();
    scopes.open(true);
    scopes.define(key, id(1), 10);
    scopes.open(true);
    expect(scopes.find(key)).toBeUndefined();
    scopes.define(key, id(2), 20);
    scopes.open(false);
    expect(scopes.find(key)).toBe(2);
    scopes.close(false);
    scopes.close(true);
    expect(scopes.find(key)).toBe(1);
    expect(scopes.definition(id(1))).toBe(10);
    scopes.open(false);
    scopes.define(8, id(3), 30);
    scopes.define("%inner", id(4), 31);
    expect([scopes.find(key), scopes.find(8), scopes.find("%inner")]).toEqual([1, 3, 4]);
    scopes.close(false);
    expect([scopes.find(key), scopes.find(8), scopes.find("%inner")]).toEqual([1, undefined, undefined]);
  },
);

test("what is used and never defined is told when the isolated region ends, what is broken is not", () => {
  const scopes = new ValueScopes();
  scopes.open(true);
  scopes.addForward(1, id(0), i32, 5);
  scopes.addForward("%a", id(1), i32, 6);
  scopes.addForward("%b", id(2), i32, 7);
  scopes.addForward(2, id(3), i32, 8);
  expect([scopes.firstUse(id(1)), scopes.forwardType(id(1)), scopes.definition(id(1))]).toEqual([6, i32, undefined]);
  scopes.define("%a", id(1), 9);
  scopes.break(2, id(9));
  expect(scopes.close(true)).toEqual([
    { name: "%1", firstUse: 5, isDefinedAround: false },
    { name: "%b", firstUse: 7, isDefinedAround: false },
  ]);
});

test("unwinding leaves the regions that were opened since", () => {
  const scopes = new ValueScopes();
  scopes.open(true);
  scopes.define(1, id(0), 1);
  scopes.open(false);
  scopes.define(2, id(1), 2);
  const { depth } = scopes;
  scopes.open(false);
  scopes.define(3, id(2), 3);
  scopes.open(true);
  scopes.define(1, id(3), 4);
  scopes.unwind(depth);
  expect([1, 2, 3].map((key) => scopes.find(key))).toEqual([0, 1, undefined]);
});
