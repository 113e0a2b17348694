import subprocess,time,sys,statistics as st
cmds=[c.split() for c in sys.argv[2:]]; n=int(sys.argv[1]); r=[[] for _ in cmds]
for i in range(n):
  for j,c in enumerate(cmds):
    t=time.perf_counter(); subprocess.run(c,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL); r[j].append((time.perf_counter()-t)*1000)
for j,c in enumerate(cmds):
  x=sorted(r[j]); print("min %.1f q25 %.1f med %.1f  %s"%(x[0],x[len(x)//4],x[len(x)//2]," ".join(c)[-60:]))
