import { attribute } from "../attribute-codecs.ts";
import { stringAttribute } from "../attributes.ts";
import { rankedMemRef } from "../constraints.ts";
import { dialect, one, op } from "../define.ts";

const sides = ["host", "device"] as const;
/** Whose copy of a buffer. */
export type Side = (typeof sides)[number];

const side = attribute<Side>({
  description: 'string attribute, "host" or "device"',
  form: {
    kind: "custom",
    // A string attribute as a whole would take the colon that follows it for that of its own type.
    print: (attr, printer) => printer.attributeWithoutType(attr),
    parse: (parser) => stringAttribute(parser.string()),
    begins: (parser) => parser.atString(),
  },
  decode: (attr) => (attr.kind === "string" ? sides.find((word) => word === attr.value) : undefined),
  encode: stringAttribute,
});

/**
 * What a program says of a device whose memory is not the host's. A buffer has a copy on either side; operations of the host work on
 * the host's, kernels on the device's, and nothing but `device.transfer` moves contents from one to the other. Where both sides share
 * one memory, as in the interpreter, it changes nothing.
 */
export const device = dialect(
  "device",
  "moving buffers between the host's memory and a device's",
  {
    transfer: op({
      summary: "brings the buffer's contents to the host's copy, or to the device's",
      operands: { buffer: one(rankedMemRef) },
      attributes: { to: side },
      results: {},
      traits: ["reads-memory", "writes-memory"],
      assembly: "$buffer `to` $to attr-dict `:` type($buffer)",
    }),
  },
  // Others have operations of that name.
  { isOpen: true },
);
