// Client of a Risala installation, for `require`; index.mjs is the same for `import`.
'use strict';

const { Page } = require('./lib/calls.cjs');
const { Risala } = require('./lib/client.cjs');
const { errorFor: _errorFor, ...errors } = require('./lib/errors.cjs');
const { verifySignature } = require('./lib/signatures.cjs');
const { VERSION } = require('./lib/version.cjs');

module.exports = { Risala, Page, verifySignature, VERSION, ...errors };
