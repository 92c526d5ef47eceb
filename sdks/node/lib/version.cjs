// The version of this library; package.json says the same.
'use strict';

exports.VERSION = '0.1.0';
