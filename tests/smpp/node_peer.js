// SMPP of node's `smpp` package, as a process. `server`: prints its port, takes every submit_sm and sends it back as a
// deliver_sm. `client PORT PASSWORD`: binds, submits, prints the answers and what is delivered, as lines of JSON.
const smpp = require('smpp')
const say = (what) => console.log(JSON.stringify(what))

// It reads a user data header as a list of elements and writes it as one buffer with its length.
const again = ({ udh, message }) => {
  if (!udh) return { message }
  const elements = Buffer.concat(udh)
  return { udh: Buffer.concat([Buffer.from([elements.length]), elements]), message }
}

if (process.argv[2] === 'server') {
  let count = 0
  const server = smpp.createServer({}, (session) => {
    session.on('error', () => session.close())
    session.on('bind_transceiver', (pdu) => {
      const status = pdu.password === 'secret' ? 0 : smpp.ESME_RINVPASWD
      session.send(pdu.response({ command_status: status, system_id: 'node' }))
    })
    session.on('unbind', (pdu) => { session.send(pdu.response()); session.close() })
    session.on('enquire_link', (pdu) => session.send(pdu.response()))
    session.on('submit_sm', (pdu) => {
      session.send(pdu.response({ message_id: String(++count) }))
      const echo = { source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
        esm_class: pdu.esm_class, data_coding: pdu.data_coding, short_message: again(pdu.short_message) }
      if (pdu.message_payload) echo.message_payload = again(pdu.message_payload)
      if (pdu.user_message_reference !== undefined) echo.user_message_reference = pdu.user_message_reference
      session.deliver_sm(echo)
    })
  })
  server.listen(0, '127.0.0.1', () => say({ port: server.address().port }))
} else {
  const session = smpp.connect({ url: `smpp://127.0.0.1:${process.argv[3]}` })
  session.on('error', (error) => say({ error: String(error) }))
  session.on('deliver_sm', (pdu) => {
    session.send(pdu.response())
    say({ delivered: pdu.short_message.message, esm_class: pdu.esm_class })
    session.unbind(() => session.close())
  })
  session.on('connect', () => session.bind_transceiver({ system_id: 'risala', password: process.argv[4] }, (bound) => {
    say({ bound: bound.command_status })
    if (bound.command_status) return session.close()
    session.submit_sm({ destination_addr: '212612345678', source_addr: 'NODE', short_message: 'Bonjour مرحبا 😀', registered_delivery: 1 },
      (answer) => say({ status: answer.command_status, id: answer.message_id }))
  }))
}
