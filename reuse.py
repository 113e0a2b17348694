import socket,os,struct,ctypes,time
port=5400
def bound(attach):
    s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.setsockopt(1,15,1); s.bind(('127.0.0.1',port))
    if attach:
        # A = payload byte 0 ; ret A   (offset 0 is the payload for reuseport)
        insns=struct.pack('HBBI',0x30,0,0,0)+struct.pack('HBBI',0x16,0,0,0)
        buf=ctypes.create_string_buffer(insns)
        s.setsockopt(1,51,struct.pack('HxxxxxxP',2,ctypes.addressof(buf)))
    return s
pids=[]
for i in range(4):
    r,w=os.pipe()
    p=os.fork()
    if p==0:
        open('/proc/self/comm','w').write('worker-%d'%i)
        s=bound(i==0); os.write(w,b'x')
        while 1:
            d,a=s.recvfrom(100); s.sendto(b'worker-%d'%i,a)
    os.read(r,1); pids.append(p)
time.sleep(2)
open('/proc/self/comm','w').write('client')
bad=0
c=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); c.connect(('127.0.0.1',port))
for i in range(8):
    c.send(bytes([i%4])+b'to'); assert c.recv(20)==b'worker-%d'%(i%4)
time.sleep(.3)
for p in pids: os.kill(p,9)
