// A client that knows an address and the reflection protocol, no .proto file of Daybook.
'use strict';

const assert = require('assert');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const address = process.argv[2];
const credentials = grpc.credentials.createInsecure();
const bearer = `Bearer ${process.env.DAYBOOK_TOKEN}`;
const withToken = {
  interceptors: [(details, next) => new grpc.InterceptingCall(next(details), {
    start(metadata, listener, go) {
      metadata.set('authorization', bearer);
      go(metadata, listener);
    },
  })],
};
const options = { longs: String, enums: String, defaults: true, oneofs: true };
const field = (type, id, rule) => ({ type, id, ...(rule && { rule }) });

// grpc.reflection.v1 as far as it is needed here.
const reflection = grpc.loadPackageDefinition(loader.fromJSON({
  nested: { grpc: { nested: { reflection: { nested: { v1: { nested: {
    ServerReflection: { methods: { ServerReflectionInfo: {
      requestType: 'Request', requestStream: true,
      responseType: 'Response', responseStream: true } } },
    Request: { fields: {
      fileByFilename: field('string', 3), fileContainingSymbol: field('string', 4),
      listServices: field('string', 7) } },
    Response: { fields: {
      files: field('Files', 4), services: field('Services', 6),
      error: field('Failure', 7) } },
    Files: { fields: { descriptors: field('bytes', 1, 'repeated') } },
    Services: { fields: { service: field('Service', 1, 'repeated') } },
    Service: { fields: { name: field('string', 1) } },
    Failure: { fields: { code: field('int32', 1), message: field('string', 2) } },
  } } } } } } },
}, {})).grpc.reflection.v1;

function ask(client, question) {
  return new Promise((resolve, reject) => {
    const call = client.ServerReflectionInfo();
    call.on('data', resolve);
    call.on('error', reject);
    call.write(question);
    call.end();
  });
}

// A FileDescriptorSet is its files, each as field 1; so no library is needed to join them.
function fileSet(files) {
  const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
  return Buffer.concat(files.flatMap((file) => [Buffer.from([10, ...varint(file.length)]),
    file]));
}

// The names a FileDescriptorProto depends on: its field 3.
function dependencies(file) {
  const names = [];
  for (let at = 0; at < file.length;) {
    const next = () => {
      let value = 0, shift = 1;
      for (;;) {
        const byte = file[at++];
        value += (byte & 127) * shift;
        shift *= 128;
        if (byte < 128) return value;
      }
    };
    const tag = next();
    if ((tag & 7) === 0) { next(); continue; }
    const size = next();
    if (tag >> 3 === 3) names.push(file.toString('utf8', at, at + size));
    at += size;
  }
  return names;
}

async function learn(client, symbol) {
  const files = new Map();
  const add = (answer) => {
    assert(answer.files, JSON.stringify(answer.error));
    for (const file of answer.files.descriptors) {
      const size = file[1]; // field 1, its name
      files.set(file.toString('utf8', 2, 2 + size), file);
    }
  };
  add(await ask(client, { fileContainingSymbol: symbol }));
  for (let missing = true; missing;) {
    missing = [...files.values()].flatMap(dependencies).find((name) => !files.has(name));
    if (missing) add(await ask(client, { fileByFilename: missing }));
  }
  return loader.loadFileDescriptorSetFromBuffer(fileSet([...files.values()]), options);
}

const promised = (client, method) => (request, metadata) => new Promise((resolve, reject) => {
  client[method](request, metadata || new grpc.Metadata(), (error, reply) => (
    error ? reject(error) : resolve(reply)));
});

async function main() {
  const mirror = new reflection.ServerReflection(address, credentials, withToken);
  const services = (await ask(mirror, { listServices: '*' })).services.service
    .map((service) => service.name);
  assert(services.includes('daybook.v1.Daybook'), services.join());
  const definition = await learn(mirror, 'daybook.v1.Daybook');
  const { Daybook } = grpc.loadPackageDefinition(definition).daybook.v1;
  const client = new Daybook(address, credentials, withToken);

  // The batch is bytes: the message type is found among the descriptors.
  const time = (seconds) => ({ seconds: 1704067200 + seconds, nanos: 0 });
  const { Append } = Daybook.service;
  assert(Append.path === '/daybook.v1.Daybook/Append');
  const batchType = messageType(definition['daybook.v1.EventBatch']);
  const events = [
    { effective_at: time(0), book_opened: { book: 'node', currency: 'CNY', exponent: 2 } },
    { effective_at: time(1), sku_defined: { sku: 'tea', revision: 1, list_price: 500 } },
    { effective_at: time(2), agent_enrolled: { agent: '代理' } },
    ...[1, 2, 3].map((n) => ({
      effective_at: time(10 + n),
      sale_recorded: {
        order: `n${n}`, seller: '代理', channel: 'web', psp: 'pay', psp_txn: `x${n}`,
        paid: n === 3 ? 1 : 500, lines: [{ line: 1, sku: 'tea', qty: 1, unit_price: 500 }],
      },
    })),
  ];
  const batch = batchType(events);
  const append = promised(client, 'Append');
  const request = { source: 'node', batch_seq: 1, batch };
  const reply = await append(request);
  assert.deepStrictEqual(reply.results.map((result) => result.outcome),
    ['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'REFUSED']);
  assert.strictEqual(reply.results[5].refusal.rule, 'AMOUNT_MISMATCH');
  assert.strictEqual((await append(request)).repeated_batch, true);
  await assert.rejects(append({ ...request, batch_seq: 9 }), (error) => (
    error.code === grpc.status.FAILED_PRECONDITION));

  const balance = await promised(client, 'GetTrialBalance')({ at_least_size: reply.size });
  assert.strictEqual(balance.total_debits, '1000');
  assert.strictEqual(balance.difference, '0');

  const seen = await new Promise((resolve, reject) => {
    const positions = [];
    client.Subscribe({ stop_at_head: true, include_refused: true })
      .on('data', (part) => positions.push(...part.events.map((event) => event.position)))
      .on('error', reject).on('end', () => resolve(positions));
  });
  assert.deepStrictEqual(seen, ['0', '1', '2', '3', '4', '5']);

  const replies = await new Promise((resolve, reject) => {
    const got = [];
    const stream = client.AppendStream();
    stream.on('data', (part) => got.push(part.batch_seq)).on('error', reject)
      .on('end', () => resolve(got));
    for (let seq = 2; seq < 52; seq++) {
      stream.write({ source: 'node', batch_seq: seq, batch: batchType([{
        effective_at: time(100 + seq), agent_enrolled: { agent: `s${seq}`, sponsor: '代理' } }]) });
    }
    stream.end();
  });
  assert.strictEqual(replies.length, 50);
  client.close();
  mirror.close();
  console.log('node: ok');
}

// Encodes an EventBatch from its descriptor with protobufjs, which the loader brings.
function messageType(definition) {
  const protobuf = require('protobufjs');
  require('protobufjs/ext/descriptor');
  const root = protobuf.Root.fromDescriptor({
    file: definition.fileDescriptorProtos.map((bytes) => (
      require('protobufjs/ext/descriptor').FileDescriptorProto.decode(bytes))),
  });
  root.resolveAll();
  const type = root.lookupType('daybook.v1.EventBatch');
  return (events) => Buffer.from(type.encode(type.fromObject({ events })).finish());
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
