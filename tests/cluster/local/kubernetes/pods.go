package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/klog/v2"

	remote "k8s.io/cri-client/pkg"
)

// removePods stops and removes all pods of the container runtime at the endpoint that is the only argument. What a
// pod holds on the machine (processes, mounts, network namespace, forwarded ports) is released only this way; an API
// server is not needed.
func removePods(ctx context.Context, arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("usage: kubernetes remove-pods ENDPOINT (such as unix:///run/containerd/containerd.sock)")
	}
	logger := klog.Background()
	runtime, err := remote.NewRemoteRuntimeService(arguments[0], 30*time.Second, nil, &logger)
	if err != nil {
		return fmt.Errorf("no container runtime answers at %s: %w", arguments[0], err)
	}
	sandboxes, err := runtime.ListPodSandbox(ctx, nil)
	if err != nil {
		return fmt.Errorf("listing the pods of %s: %w", arguments[0], err)
	}

	failures := make([]error, len(sandboxes))
	var group sync.WaitGroup
	for i, sandbox := range sandboxes {
		group.Go(func() {
			err := runtime.StopPodSandbox(ctx, sandbox.Id)
			if err == nil {
				err = runtime.RemovePodSandbox(ctx, sandbox.Id)
			}
			if err != nil {
				failures[i] = fmt.Errorf("removing pod %s/%s: %w", sandbox.Metadata.Namespace, sandbox.Metadata.Name, err)
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}
