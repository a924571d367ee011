// Decodes and encodes data with the schemas of a bundle: {file: hex} on standard input and output.
const {readFileSync} = require('node:fs');
const {join} = require('node:path');
const {Type} = require('avsc');

const written = Object.entries(JSON.parse(readFileSync(0, 'utf8'))).map(([file, hex]) => {
  const type = Type.forSchema(JSON.parse(readFileSync(join(process.argv[2], file), 'utf8')));
  return [file, type.toBuffer(type.fromBuffer(Buffer.from(hex, 'hex'))).toString('hex')];
});
console.log(JSON.stringify(Object.fromEntries(written)));
