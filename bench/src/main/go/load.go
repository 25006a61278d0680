// The load generator for etcd: the same closed loop and the same line protocol as dev.quorate.bench.load.LoadMain, on etcd's own Go client.
//
// Usage: etcdload endpoints connections, where endpoints are host:port, separated by commas. Connections are spread over the endpoints; callers share them.
package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const randomBytes = 1 << 20

type loop struct {
	clients    []*clientv3.Client
	keys       int
	valueBytes int
	random     string
}

func main() {
	endpoints := strings.Split(os.Args[1], ",")
	connections := number(os.Args[2])
	l := &loop{}
	for i := 0; i < connections; i++ {
		client, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoints[i%len(endpoints)]}, DialTimeout: 10 * time.Second})
		exitOn(err)
		l.clients = append(l.clients, client)
	}
	noise := make([]byte, randomBytes)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	l.random = string(noise)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "load":
			l.keys, l.valueBytes = number(words[1]), number(words[2])
			l.load(number(words[3]), time.Duration(number(words[4]))*time.Millisecond)
			fmt.Println("loaded")
		case "run":
			l.run(words[1], number(words[2]), time.Duration(number(words[3]))*time.Millisecond, time.Duration(number(words[4]))*time.Millisecond)
		}
	}
}

// load writes every key once, then writes and reads until the time is over.
func (l *loop) load(callers int, atLeast time.Duration) {
	end := time.Now().Add(atLeast)
	var next atomic.Int64
	l.inParallel(callers, func(client *clientv3.Client) {
		for i := int(next.Add(1)) - 1; i < l.keys || time.Now().Before(end); i = int(next.Add(1)) - 1 {
			if i < l.keys || i%2 == 0 {
				exitOn(l.write(client, i%l.keys))
			} else {
				exitOn(l.read(client, rand.IntN(l.keys)))
			}
		}
	})
}

func (l *loop) run(workload string, callers int, warmUp, measured time.Duration) {
	var measuring, stopped atomic.Bool
	var failures atomic.Int64
	var mutex sync.Mutex
	var all []int32
	done := make(chan struct{})
	go func() {
		l.inParallel(callers, func(client *clientv3.Client) {
			var micros []int32
			for !stopped.Load() {
				key := rand.IntN(l.keys)
				start := time.Now()
				var err error
				if workload == "write" {
					err = l.write(client, key)
				} else {
					err = l.read(client, key)
				}
				taken := time.Since(start)
				if !measuring.Load() || stopped.Load() {
					continue
				}
				if err != nil {
					failures.Add(1)
				} else {
					micros = append(micros, int32(taken.Microseconds()))
				}
			}
			mutex.Lock()
			all = append(all, micros...)
			mutex.Unlock()
		})
		close(done)
	}()
	time.Sleep(warmUp)
	fmt.Println("measuring")
	start := time.Now()
	measuring.Store(true)
	time.Sleep(measured)
	stopped.Store(true)
	elapsed := time.Since(start)
	<-done
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	quantile := func(q float64) int32 {
		if len(all) == 0 {
			return 0
		}
		return all[min(len(all)-1, int(q*float64(len(all))))]
	}
	fmt.Println("measured", len(all), failures.Load(), elapsed.Nanoseconds(), quantile(0.5), quantile(0.99), quantile(0.999), quantile(1))
}

func (l *loop) inParallel(callers int, work func(*clientv3.Client)) {
	var group sync.WaitGroup
	for i := 0; i < callers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			work(l.clients[i%len(l.clients)])
		}()
	}
	group.Wait()
}

func (l *loop) write(client *clientv3.Client, key int) error {
	at := rand.IntN(randomBytes - l.valueBytes)
	_, err := client.Put(context.Background(), name(key), l.random[at:at+l.valueBytes])
	return err
}

// read is linearizable: that is etcd's default.
func (l *loop) read(client *clientv3.Client, key int) error {
	response, err := client.Get(context.Background(), name(key))
	if err == nil && len(response.Kvs) != 1 {
		err = fmt.Errorf("no key %s", name(key))
	}
	return err
}

func name(key int) string {
	return fmt.Sprintf("key-%012d", key)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	exitOn(err)
	return n
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "etcdload:", err)
		os.Exit(1)
	}
}
