package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

const (
	volumeClass   = "local"
	provisioner   = "gamemesh.io/local"
	provisionedBy = "pv.kubernetes.io/provisioned-by"
)

// provideVolumes gives each volume claim of the class "local" a folder of this machine, and takes folders away whose
// claim has gone, until the context ends. It looks once a second: a test cluster has a handful of claims.
func provideVolumes(ctx context.Context, arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("usage: kubernetes provide-volumes KUBECONFIG FOLDER")
	}
	config, err := clientcmd.BuildConfigFromFlags("", arguments[0])
	if err != nil {
		return fmt.Errorf("reading %s: %w", arguments[0], err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := errors.Join(createVolumes(ctx, client, arguments[1]), deleteVolumes(ctx, client)); err != nil {
			klog.Background().Error(err, "providing volumes; trying again")
		}
		time.Sleep(time.Second)
	}
	return nil
}

func createVolumes(ctx context.Context, client kubernetes.Interface, folder string) error {
	claims, err := client.CoreV1().PersistentVolumeClaims("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing volume claims: %w", err)
	}
	var failures []error
	for _, claim := range claims.Items {
		class := claim.Spec.StorageClassName
		if claim.Status.Phase != corev1.ClaimPending || claim.Spec.VolumeName != "" || class == nil || *class != volumeClass {
			continue
		}
		volume := volumeFor(&claim, folder)
		// Whatever account a pod runs under, it can write to its volume.
		if err := errors.Join(os.MkdirAll(volume.Spec.HostPath.Path, 0o777), os.Chmod(volume.Spec.HostPath.Path, 0o777)); err != nil {
			failures = append(failures, err)
			continue
		}
		_, err := client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			failures = append(failures, fmt.Errorf("creating a volume for %s/%s: %w", claim.Namespace, claim.Name, err))
		}
	}
	return errors.Join(failures...)
}

func volumeFor(claim *corev1.PersistentVolumeClaim, folder string) *corev1.PersistentVolume {
	name := "pvc-" + string(claim.UID)
	directory := corev1.HostPathDirectory
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: provisioner}},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      claim.Spec.Resources.Requests,
			ClaimRef:                      &corev1.ObjectReference{Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID},
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimDelete,
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				HostPath: &corev1.HostPathVolumeSource{Path: filepath.Join(folder, name), Type: &directory},
			},
			StorageClassName: volumeClass,
		},
	}
}

func deleteVolumes(ctx context.Context, client kubernetes.Interface) error {
	volumes, err := client.CoreV1().PersistentVolumes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing volumes: %w", err)
	}
	var failures []error
	for _, volume := range volumes.Items {
		if volume.Annotations[provisionedBy] != provisioner || volume.Status.Phase != corev1.VolumeReleased ||
			volume.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimDelete {
			continue
		}
		err := os.RemoveAll(volume.Spec.HostPath.Path)
		if err == nil {
			err = client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, metav1.DeleteOptions{})
		}
		if err != nil && !apierrors.IsNotFound(err) {
			failures = append(failures, fmt.Errorf("deleting volume %s: %w", volume.Name, err))
		}
	}
	return errors.Join(failures...)
}
