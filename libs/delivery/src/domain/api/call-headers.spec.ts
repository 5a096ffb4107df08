import { answerHeaders, requestHeaders } from './call-headers.js';

describe('the headers of a call', () => {
  it('leave out what is the caller’s own, his address and the connection', () => {
    const sent = requestHeaders({
      authorization: 'Bearer k', cookie: 'a=b', connection: 'close, X-Secret-Hop', 'x-secret-hop': '1', 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1', via: 'x', te: 'trailers', host: 'h', 'content-length': '3', 'transfer-encoding': 'chunked', 'x-http-method-override': 'DELETE',
      'proxy-authorization': 'x', 'entrepot-licence': 'another', accept: 'application/json', 'content-type': 'text/plain', 'if-none-match': '"e"', 'x-own': ['1', '2'],
    });
    expect(sent).toEqual({ accept: 'application/json', 'content-type': 'text/plain', 'if-none-match': '"e"', 'x-own': ['1', '2'] });
  });

  it('bring nothing back that is the vendor’s own, or says his credential', () => {
    const passed = answerHeaders({
      'set-cookie': ['s=1'], connection: 'x-hop', 'x-hop': '1', 'access-control-allow-origin': '*', location: 'https://inside', 'www-authenticate': 'Basic', server: 'x', 'x-debug': 'sent key s3cr3t-key!', 's3cr3t-key!': '1', 'strict-transport-security': 'max-age=1', 'x-accel-redirect': '/etc/passwd',
      'content-type': 'application/json', etag: '"e"', 'x-own': 'fine',
    }, ['s3cr3t-key!']);
    expect(passed).toEqual({ 'content-type': 'application/json', etag: '"e"', 'x-own': 'fine' });
  });
});
